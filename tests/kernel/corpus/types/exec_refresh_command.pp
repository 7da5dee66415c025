exec { 'first':
  command => '/bin/sh -c "echo ran >> /tmp/runs"',
  refresh => '/bin/sh -c "echo refreshed >> /tmp/runs"',
  unless  => '/usr/bin/test -f /tmp/runs',
}
notify { 'trigger': }
~> Exec['first']
