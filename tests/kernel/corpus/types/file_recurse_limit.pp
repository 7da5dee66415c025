file { '/tmp/tree':
  ensure       => directory,
  recurse      => true,
  recurselimit => 1,
  group        => 'nogroup',
}
