filebucket { 'mine':
  path   => '/tmp/bucket',
  server => false,
}
file { '/tmp/old':
  content => 'new',
  backup  => 'mine',
}
