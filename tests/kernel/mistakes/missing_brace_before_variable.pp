file { '/tmp/hello.txt':
  ensure => file,
$x = 1
