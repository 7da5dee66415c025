file { '/tmp/hello.txt':
  source => 'puppet:///modules/site/hello.txt',
}
