file { '/mnt/data':
  ensure => directory,
}
mount { '/mnt/data':
  ensure  => mounted,
  device  => 'tmpfs',
  fstype  => 'tmpfs',
  options => 'size=1m',
}
