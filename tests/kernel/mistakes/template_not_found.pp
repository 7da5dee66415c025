file { '/tmp/hello.txt':
  content => epp('site/hello.epp'),
}
