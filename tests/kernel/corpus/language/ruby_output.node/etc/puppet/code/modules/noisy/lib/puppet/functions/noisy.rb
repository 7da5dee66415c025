Puppet::Functions.create_function(:noisy) do
  dispatch(:noisy) {}

  def noisy
    puts 'printed by ruby'
    $stderr.puts 'and on standard error'
    'returned'
  end
end
