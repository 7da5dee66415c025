mount { '/mnt/data':
  ensure  => present,
  device  => 'tmpfs',
  fstype  => 'tmpfs',
  options => 'size=1m',
}
