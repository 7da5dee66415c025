file { 'hello.txt':
  ensure => file,
}
