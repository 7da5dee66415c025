user { 'ada':
  ensure => present,
  gid    => 'no-such-group',
}
