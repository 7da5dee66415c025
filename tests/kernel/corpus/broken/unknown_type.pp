fil { '/tmp/x':
  ensure => file,
}
