notify { 'x':
  before => Service['none'],
}
file { '/tmp/never': content => 'x' }
