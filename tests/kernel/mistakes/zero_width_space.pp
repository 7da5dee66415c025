file { '/tmp/hello.txt':
  ​ensure => file,
}
