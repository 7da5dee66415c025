file { '/tmp/hello.txt':
  ensure => file,
  mode   => 0644,
}
