file { '/tmp/with space':
  content => 'a',
}
file { "/tmp/with'quote":
  content => 'b',
}
file { '/tmp/with$dollar{brace}':
  content => 'c',
}
file { '/tmp/trailing/':
  ensure => directory,
}
file { 'by title':
  path    => '/tmp/by_title',
  content => 'd',
}
