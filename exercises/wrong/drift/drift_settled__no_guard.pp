# A command without a guard runs every time: each run draws another number.
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
  require => File['/srv/depot'],
}

file { '/srv/depot/maintenance':
  ensure => absent,
}
