package { 'no-such-package-here':
  ensure => installed,
}
