file { '/tmp/x':
  mode => '999',
}
