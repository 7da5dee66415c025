notice('before')
file { 'tmp/x':
  ensure => file,
}
