class { 'no_such':
  x => 1,
}
