file { '/tmp/conf.d':
  ensure  => directory,
  recurse => true,
  purge   => true,
}
file { '/tmp/conf.d/mine.conf':
  content => 'kept',
}
