file { '/tmp/x':
  source => 'puppet:///modules/none/file.txt',
}
