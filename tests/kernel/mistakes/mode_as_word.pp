file { '/tmp/hello.txt':
  ensure => file,
  mode   => 'rwxr-xr-x',
}
