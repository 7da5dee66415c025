Puppet::Type.newtype(:fragile) do
  newproperty(:ensure) do
    newvalue(:present)
    def retrieve
      nil.no_such_method
    end
  end
  newparam(:name, namevar: true)
end
