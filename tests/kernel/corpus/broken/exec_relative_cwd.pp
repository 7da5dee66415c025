exec { '/bin/ls':
  cwd => '/no/such/folder',
}
