file { '/tmp/there':
  ensure => file,
  mode   => 'u=rw,g=r,o=',
}
file { '/tmp/octal':
  mode => '0755',
}
file { '/tmp/sticky':
  ensure => directory,
  mode   => '1777',
}
file { '/tmp/setgid':
  ensure => directory,
  mode   => '2775',
}
