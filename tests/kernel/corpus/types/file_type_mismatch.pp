file { '/tmp/is_folder':
  ensure  => file,
  content => 'x',
}
file { '/tmp/is_file':
  ensure => directory,
}
