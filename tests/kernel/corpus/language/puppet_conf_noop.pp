file { '/tmp/never':
  content => 'x',
}
