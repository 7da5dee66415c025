package { 'x':
  provider => 'no_such_provider',
}
