file { '/tmp/x':
  source => '/no/such/file',
}
file { '/tmp/other':
  content => 'made',
}
