file { '/tmp/copy':
  ensure  => directory,
  source  => '/tmp/original',
  recurse => remote,
  ignore  => ['*.bak', 'skipped'],
}
