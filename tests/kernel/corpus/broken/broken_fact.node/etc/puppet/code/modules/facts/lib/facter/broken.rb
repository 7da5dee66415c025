Facter.add(:broken) do
  setcode { raise 'this fact is broken' }
end
