file { '/tmp/nowhere/hello.txt':
  ensure => link,
  target => '/etc/hostname',
}
