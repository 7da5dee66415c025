$user = 'maria'
file { '/tmp/hello.txt':
  content => "Hello ${usr}\n",
}
