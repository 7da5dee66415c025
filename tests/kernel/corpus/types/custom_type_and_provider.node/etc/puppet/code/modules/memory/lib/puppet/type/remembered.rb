Puppet::Type.newtype(:remembered) do
  ensurable
  newparam(:name, namevar: true)
  newproperty(:value)
end
