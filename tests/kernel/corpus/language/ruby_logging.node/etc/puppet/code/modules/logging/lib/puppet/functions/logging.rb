Puppet::Functions.create_function(:logging) do
  dispatch(:logging) {}

  def logging
    Puppet.notice('a notice of ruby')
    Puppet.warning('a warning of ruby')
    Puppet.err('an error of ruby')
    Puppet.deprecation_warning('an old thing', 'key')
    Puppet.warn_once('things', 'once', 'told once')
    Puppet.warn_once('things', 'once', 'told once')
    1
  end
end
