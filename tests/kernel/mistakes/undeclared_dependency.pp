file { '/tmp/hello.txt':
  ensure  => file,
  require => Package['tree'],
}
