exec { '/bin/touch /tmp/made':
  creates => '/tmp/made',
}
exec { 'several':
  command => '/bin/touch /tmp/never',
  creates => ['/tmp/made', '/etc/passwd'],
}
