file { '/tmp/hello.txt':
  ensure =>,
}
