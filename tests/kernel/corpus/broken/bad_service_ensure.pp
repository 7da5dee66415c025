service { 'nginx':
  ensure => 'runing',
}
