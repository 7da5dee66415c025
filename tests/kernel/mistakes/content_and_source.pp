file { '/tmp/hello.txt':
  content => 'hello',
  source  => '/etc/motd',
}
