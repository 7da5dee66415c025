Facter.add(:from_ruby) do
  setcode { "ruby on #{Facter.value(:kernel)}" }
end
