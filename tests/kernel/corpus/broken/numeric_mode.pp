file { '/tmp/x':
  ensure => file,
  mode   => 644,
}
