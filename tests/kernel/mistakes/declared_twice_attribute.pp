file { '/tmp/hello.txt':
  ensure => file,
  mode   => '0600',
  mode   => '0644',
}
