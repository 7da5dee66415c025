exec { 'unless true':
  command => '/bin/touch /tmp/unless_true',
  unless  => '/bin/true',
}
exec { 'unless false':
  command => '/bin/touch /tmp/unless_false',
  unless  => '/bin/false',
}
exec { 'onlyif true':
  command => '/bin/touch /tmp/onlyif_true',
  onlyif  => '/bin/true',
}
exec { 'onlyif false':
  command => '/bin/touch /tmp/onlyif_false',
  onlyif  => '/bin/false',
}
exec { 'several conditions':
  command => '/bin/touch /tmp/several',
  onlyif  => ['/bin/true', '/usr/bin/test -f /etc/passwd'],
  unless  => [['/bin/false'], ['/usr/bin/test', '-f', '/tmp/several']],
}
