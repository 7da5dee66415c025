user { 'hint_twin':
  ensure => present,
  uid    => '0',
}
