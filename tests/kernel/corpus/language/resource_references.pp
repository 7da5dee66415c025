file { ['/tmp/a', '/tmp/b']:
  ensure => file,
}
notice(File['/tmp/a'], File['/tmp/a', '/tmp/b'], Class['main'], Resource['file', '/tmp/a'])
notice(File['/tmp/a']['ensure'])
notify { 'x':
  require => File['/tmp/a', '/tmp/b'],
}
