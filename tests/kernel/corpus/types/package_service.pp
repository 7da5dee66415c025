package { 'nginx-light':
  ensure => installed,
}
-> service { 'nginx':
  ensure => running,
  enable => true,
}
