# Told in the wrong order: a file requires its folder by itself.
file { '/tmp/a/b/c':
  content => 'deep',
}
file { '/tmp/a/b':
  ensure => directory,
}
file { '/tmp/a':
  ensure => directory,
}
