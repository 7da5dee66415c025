Puppet::Functions.create_function(:unreadable) do
  def (
end
