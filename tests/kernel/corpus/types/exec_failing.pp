exec { '/bin/false': }
exec { 'prints and fails':
  command  => 'echo first; echo second >&2; exit 7',
  provider => shell,
}
exec { 'after':
  command => '/bin/touch /tmp/after',
  require => Exec['/bin/false'],
}
