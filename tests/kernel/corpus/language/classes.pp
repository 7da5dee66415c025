class base($greeting = 'hello', Integer $times = 1) {
  notice("${greeting} ${times} ${title} ${name}")
  file { '/tmp/base':
    content => $greeting,
  }
}
class { 'base':
  greeting => 'hi',
  times    => 2,
}
include base
contain base
require base
