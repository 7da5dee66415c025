file { '/tmp/x':
  * => [1, 2],
}
