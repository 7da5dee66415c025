# frozen_string_literal: true

require 'etc'
require 'fiddle'
require 'tmpdir'

# A configuration, modules and plug-ins of the checker's own: what an attendee writes
# into /etc/puppet, Puppet's cache or a module folder means nothing to it.
module CheckerSettings
  # Nobody can create a file in /proc, root included: what lies there can't be planted.
  NOWHERE = '/proc/puppetcamp'
  FOLDERS = {
    'confdir' => 'conf', 'codedir' => 'code', 'vardir' => 'var', 'publicdir' => 'public',
    'rundir' => 'run', 'logdir' => 'log', 'ssldir' => 'ssl'
  }.freeze
  # Debian's own modules (cron, host, …) stay where they are.
  MISSING = {
    'config' => 'puppet.conf', 'hiera_config' => 'hiera.yaml', 'environmentpath' => 'environments',
    'basemodulepath' => 'modules', 'factpath' => 'facts', 'libdir' => 'lib', 'pluginfactdest' => 'facts.d'
  }.freeze

  BASES = %w[passwd group shadow gshadow initgroups hosts services protocols networks netgroup].freeze

  module_function

  # Has the C library look accounts and names up in its files for good, whatever
  # /etc/nsswitch.conf says later: it would load libraries that are named there.
  def fix_name_services
    configure = Fiddle::Function.new(
      Fiddle::Handle::DEFAULT['__nss_configure_lookup'], [Fiddle::TYPE_VOIDP] * 2, Fiddle::TYPE_INT
    )
    BASES.each { |base| configure.call(base, 'files') }
    Etc.getpwnam('root') && Etc.getgrnam('root')
  end

  # Makes Puppet's settings those of a checker; returns them as arguments.
  def take
    root = Dir.mktmpdir('checker')
    own = FOLDERS.transform_values { |name| File.join(root, name).tap { |path| Dir.mkdir(path, 0o700) } }
    missing = MISSING.transform_values { |name| "#{NOWHERE}/#{name}" }
    arguments = own.merge(missing).map { |name, path| ["--#{name}", path] }
    # Settings given as arguments outrank those of any puppet.conf.
    arguments.each { |name, path| Puppet.settings.handlearg(name, path) }
    leave_out_plugin_folders
    # With the first settings Puppet has put its folder of plug-ins on the path.
    $LOAD_PATH.select! { |folder| folder.start_with?('/usr/lib/', '/usr/share/') }
    Puppet.push_context_global(Puppet.base_context(Puppet.settings), 'The checker')
    arguments.flatten
  end

  # Puppet creates the folders of its settings; these must never be there.
  def leave_out_plugin_folders
    %i[libdir plugindest pluginfactdest].each do |name|
      Puppet.settings.setting(name).define_singleton_method(:to_resource) { nil }
    end
  end
end
