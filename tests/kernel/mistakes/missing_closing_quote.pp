file { '/tmp/hello.txt':
  ensure  => file,
  content => 'Hello,
  mode    => '0644',
}
