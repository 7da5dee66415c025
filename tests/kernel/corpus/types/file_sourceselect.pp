file { '/tmp/merged':
  ensure       => directory,
  source       => ['/tmp/first', '/tmp/second'],
  sourceselect => all,
  recurse      => true,
}
