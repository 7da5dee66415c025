exec { 'returns three':
  command  => 'exit 3',
  provider => shell,
  returns  => [0, 3],
}
exec { 'expects four':
  command  => 'exit 0',
  provider => shell,
  returns  => 4,
}
