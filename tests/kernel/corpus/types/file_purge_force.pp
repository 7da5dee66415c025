file { '/tmp/conf.d':
  ensure  => directory,
  recurse => true,
  purge   => true,
  force   => true,
}
