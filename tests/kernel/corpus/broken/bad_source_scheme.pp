file { '/tmp/x':
  source => 'ftp://example.com/x',
}
