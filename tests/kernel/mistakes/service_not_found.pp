service { 'no-such-service':
  ensure => running,
}
