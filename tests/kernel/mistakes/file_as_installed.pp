file { '/tmp/hello.txt':
  ensure => installed,
}
