file { '/tmp/a':
  ensure => file,
}
File['/tmp/a'] {
  mode => '0640',
}
Notify['x'] -> File['/tmp/a']
notify { 'x': }
