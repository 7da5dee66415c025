file { '/tmp/numbers':
  ensure  => file,
  owner   => 33,
  group   => '34',
  content => '',
}
file { '/tmp/names':
  owner => 'www-data',
  group => 'backup',
}
