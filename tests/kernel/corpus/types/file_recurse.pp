file { '/tmp/tree':
  ensure  => directory,
  recurse => true,
  owner   => 'nobody',
  mode    => '0640',
}
