exec { '/bin/false': }
notify { 'after':
  require => Exec['/bin/false'],
}
