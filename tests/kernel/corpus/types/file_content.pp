file { '/tmp/hello':
  ensure  => file,
  content => "hello\n",
  mode    => '0640',
  owner   => 'nobody',
  group   => 'nogroup',
}
