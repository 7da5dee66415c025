file { '/tmp/x':
  content  => 'x',
  schedule => 'no-such-schedule',
}
