file { '/tmp/x':
  ensure => file,

notice('after')
