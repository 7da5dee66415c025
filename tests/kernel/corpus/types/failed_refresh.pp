file { '/tmp/config':
  content => 'x',
}
~> exec { 'reload':
  command     => '/bin/false',
  refreshonly => true,
}
-> notify { 'after the reload': }
