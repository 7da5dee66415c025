file { '/tmp/hello.txt':
  ensure => file,
  owner  => 'nobody_such',
}
