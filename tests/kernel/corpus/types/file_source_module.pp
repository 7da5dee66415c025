file { '/tmp/from_module':
  source => 'puppet:///modules/camp/greeting.txt',
}
file { '/tmp/tree':
  ensure  => directory,
  source  => 'puppet:///modules/camp/tree',
  recurse => true,
}
