# The word that sudo did not know is gone, and with it the right to go without a password.
package { 'tree':
  ensure => installed,
}

user { 'roster':
  ensure => present,
  shell  => '/bin/sh',
}

file { '/srv/roster':
  ensure  => directory,
  owner   => 'roster',
  require => User['roster'],
}

file { '/srv/roster/today.txt':
  ensure  => file,
  owner   => 'roster',
  mode    => '0640',
  content => "Early shift: Ada\n",
  require => File['/srv/roster'],
}

file { '/etc/sudoers.d/roster':
  ensure       => file,
  mode         => '0440',
  content      => "roster ALL=(root) /usr/bin/tree /srv\n",
  validate_cmd => '/usr/sbin/visudo --check --file=%',
}

exec { '/usr/bin/tree /srv/roster -o /srv/roster/list.txt':
  creates => '/srv/roster/list.txt',
  require => [Package['tree'], File['/srv/roster/today.txt']],
}
