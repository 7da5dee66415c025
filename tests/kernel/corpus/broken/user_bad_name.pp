user { 'not a name':
  ensure => present,
}
