# gid is her own group; groups is what she is a member of beside it.
group { 'crew':
  ensure => present,
}

user { 'grace':
  ensure     => present,
  comment    => 'Grace Hopper',
  shell      => '/bin/bash',
  gid        => 'crew',
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
