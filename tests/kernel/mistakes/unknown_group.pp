user { 'hint_maria':
  ensure => present,
  gid    => 'no_such_group',
}
