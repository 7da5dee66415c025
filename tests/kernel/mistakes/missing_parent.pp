file { '/tmp/nowhere/hello.txt':
  ensure  => file,
  content => "hello\n",
}
