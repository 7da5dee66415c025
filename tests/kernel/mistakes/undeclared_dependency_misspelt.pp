package { 'tree':
  ensure => installed,
}
file { '/tmp/hello.txt':
  ensure  => file,
  require => Package['treee'],
}
