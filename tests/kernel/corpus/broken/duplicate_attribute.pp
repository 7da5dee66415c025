file { '/tmp/x':
  ensure => file,
  mode   => '0644',
  mode   => '0600',
}
