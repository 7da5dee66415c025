user { 'maria':
  ensure   => present,
  fullname => 'Maria Example',
}
