file { '/tmp/full':
  ensure => absent,
}
