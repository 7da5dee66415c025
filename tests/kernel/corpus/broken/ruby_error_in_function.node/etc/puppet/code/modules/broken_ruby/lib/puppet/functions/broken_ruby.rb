Puppet::Functions.create_function(:broken_ruby) do
  dispatch(:broken_ruby) {}

  def broken_ruby
    nil.no_such_method
  end
end
