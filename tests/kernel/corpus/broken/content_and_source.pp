file { '/tmp/x':
  content => 'a',
  source  => '/etc/hosts',
}
