# An account without a shell is still an account.
group { 'crew':
  ensure => present,
}

user { 'grace':
  ensure     => present,
  comment    => 'Grace Hopper',
  shell      => '/bin/bash',
  groups     => ['crew'],
  managehome => true,
}

user { 'games':
  ensure => present,
  shell  => '/bin/false',
}

file { '/srv/plan.txt':
  ensure  => file,
  owner   => 'grace',
  group   => 'crew',
  mode    => '0640',
  content => "Learn Puppet.\n",
}
