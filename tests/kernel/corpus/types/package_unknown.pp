package { 'no-such-package-anywhere':
  ensure => installed,
}
-> file { '/tmp/never':
  content => 'x',
}
