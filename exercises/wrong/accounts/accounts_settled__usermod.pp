# A command without a guard runs every time.
group { 'crew':
  ensure => present,
}

user { 'grace':
  ensure     => present,
  comment    => 'Grace Hopper',
  shell      => '/bin/bash',
  managehome => true,
}

user { 'games':
  ensure => absent,
}

file { '/srv/plan.txt':
  ensure  => file,
  owner   => 'grace',
  group   => 'crew',
  mode    => '0640',
  content => "Learn Puppet.\n",
}

exec { '/usr/sbin/usermod --append --groups crew grace':
  require => [Group['crew'], User['grace']],
}
