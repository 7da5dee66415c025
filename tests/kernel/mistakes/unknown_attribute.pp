file { '/tmp/hello.txt':
  ensure  => file,
  contnet => 'hello',
}
