file { '/tmp/file':
  ensure => absent,
}
file { '/tmp/never_there':
  ensure => absent,
}
file { '/tmp/full':
  ensure => absent,
  force  => true,
}
file { '/tmp/pointer':
  ensure => absent,
}
