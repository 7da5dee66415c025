file { '/tmp/x':
  ensure => file,

  owners => 'root',
}
