file { '/tmp/x':
  content      => 'bad',
  validate_cmd => '/bin/false %',
}
file { '/tmp/y':
  content => 'good',
}
