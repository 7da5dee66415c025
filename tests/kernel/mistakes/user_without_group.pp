file { '/tmp/hello.txt':
  ensure => file,
  group  => 'nobody_such',
}
