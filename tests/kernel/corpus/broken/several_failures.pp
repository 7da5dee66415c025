exec { '/bin/false': }
file { '/no/where':
  content => 'x',
}
service { 'none':
  ensure => running,
}
