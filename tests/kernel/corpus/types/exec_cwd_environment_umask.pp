exec { 'touch here':
  cwd         => '/tmp',
  path        => '/usr/bin:/bin',
  umask       => '077',
  environment => ['GREETING=hello there', 'EMPTY='],
}
exec { 'echo "$GREETING:$EMPTY:$PWD" > /tmp/said':
  provider    => shell,
  cwd         => '/var',
  environment => 'GREETING=hi',
}
