file { '/tmp/x':
  ensure => file,
  owner  => 'nobody-knows-me',
}
