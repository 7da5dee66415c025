Puppet::Functions.create_function(:complains) do
  dispatch(:complains) {}

  def complains
    raise Puppet::ParseError, 'complaint from ruby'
  end
end
