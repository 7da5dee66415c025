# Without managehome Puppet makes a user without a home.
group { 'crew':
  ensure => present,
}

user { 'grace':
  ensure  => present,
  comment => 'Grace Hopper',
  shell   => '/bin/bash',
  groups  => ['crew'],
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
