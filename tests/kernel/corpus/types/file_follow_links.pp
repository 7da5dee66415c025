file { '/tmp/followed':
  content => 'through the link',
  links   => follow,
}
file { '/tmp/managed':
  ensure => file,
  links  => manage,
  content => 'instead of the link',
}
