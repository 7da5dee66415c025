file { '/nowhere/at/all':
  content => 'x',
}
file { '/tmp/follows':
  content => 'y',
}
