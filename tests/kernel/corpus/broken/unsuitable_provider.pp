package { 'x':
  ensure   => installed,
  provider => 'yum',
}
