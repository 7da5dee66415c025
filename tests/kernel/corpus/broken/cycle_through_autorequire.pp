file { '/tmp/folder':
  ensure  => directory,
  require => File['/tmp/folder/inside'],
}
file { '/tmp/folder/inside':
  ensure => file,
}
