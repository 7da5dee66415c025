remembered { 'a':
  ensure => present,
  value  => 'one',
}
remembered { 'b':
  ensure => absent,
}
remembered { 'wrong':
  ensure => present,
  value  => 'FORBIDDEN',
}
