user { 'daemon-of-ours':
  ensure => present,
  system => true,
  shell  => '/usr/sbin/nologin',
}
