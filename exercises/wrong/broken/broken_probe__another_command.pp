# Sudo is told of a command that is not the one that the task names.
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
  content      => "roster ALL=(root) NOPASSWD: /usr/bin/tree /srv/roster\n",
  validate_cmd => '/usr/sbin/visudo --check --file=%',
}

exec { '/usr/bin/tree /srv/roster -o /srv/roster/list.txt':
  creates => '/srv/roster/list.txt',
  require => [Package['tree'], File['/srv/roster/today.txt']],
}
