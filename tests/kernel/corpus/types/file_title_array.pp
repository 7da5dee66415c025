file { ['/tmp/a', '/tmp/b', '/tmp/c']:
  ensure => file,
  mode   => '0600',
}
