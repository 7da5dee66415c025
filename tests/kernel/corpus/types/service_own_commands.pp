service { 'sleeper':
  ensure   => running,
  provider => base,
  start    => '/bin/sh -c "touch /tmp/sleeping"',
  stop     => '/bin/rm /tmp/sleeping',
  status   => '/usr/bin/test -f /tmp/sleeping',
}
