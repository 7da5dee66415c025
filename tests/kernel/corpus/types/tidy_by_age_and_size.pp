tidy { '/tmp/cache':
  age     => '1w',
  recurse => 1,
  matches => ['*.tmp', '*.bak'],
}
tidy { '/tmp/big':
  size    => '1k',
  recurse => true,
  rmdirs  => true,
}
