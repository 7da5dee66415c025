# A command that waits for a change of another file does not look at this one.
file { '/srv/depot':
  ensure => directory,
}

file { '/srv/depot/depot.conf':
  ensure  => file,
  group   => 'staff',
  mode    => '0640',
  content => "backup = daily\nkeep = 14\n",
}

exec { 'draw a serial number':
  command => '/usr/bin/cp /proc/sys/kernel/random/uuid /srv/depot/serial',
  unless  => '/usr/bin/test -s /srv/depot/serial',
  require => File['/srv/depot'],
}

exec { '/usr/bin/rm --force /srv/depot/maintenance':
  refreshonly => true,
  subscribe   => File['/srv/depot/depot.conf'],
}
