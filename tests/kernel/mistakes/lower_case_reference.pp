file { '/tmp/hello': ensure => directory }
file { '/tmp/hello/world.txt':
  ensure  => file,
  require => file['/tmp/hello'],
}
