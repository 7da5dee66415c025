class quiet {
  noop(true)
  file { '/tmp/never':
    content => 'x',
  }
}
include quiet
file { '/tmp/made':
  content => 'y',
}
