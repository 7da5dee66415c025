package { 'no-such-package-here':
  ensure => instaled,
}
