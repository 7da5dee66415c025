file { '/tmp/nowhere/deeper':
  ensure => directory,
}
