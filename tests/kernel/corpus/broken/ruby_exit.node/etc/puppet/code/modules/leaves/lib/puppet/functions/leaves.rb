Puppet::Functions.create_function(:leaves) do
  dispatch(:leaves) {}

  def leaves
    exit(42)
  end
end
