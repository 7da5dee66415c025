exec { 'as a list':
  command => ['/bin/touch', '/tmp/one two', '/tmp/$HOME'],
}
