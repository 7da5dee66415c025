file { '/tmp/numbers':
  content      => "1 2 3\n",
  validate_cmd => '/bin/grep 1 %',
}
file { '/tmp/letters':
  content      => "a b c\n",
  validate_cmd => '/bin/grep 1 %',
}
file { '/tmp/other_placeholder':
  content                 => "x\n",
  validate_cmd            => '/bin/grep x NAME',
  validate_replacement    => 'NAME',
}
