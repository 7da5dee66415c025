file { '/tmp/hello.txt':
  ensure => file,
  source => '/nowhere/hello.txt',
}
