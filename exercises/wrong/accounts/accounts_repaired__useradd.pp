# The command makes the user once; what becomes of the account later is nobody's business.
group { 'crew':
  ensure => present,
}

exec { '/usr/sbin/useradd --create-home --comment "Grace Hopper" --shell /bin/bash --groups crew grace':
  unless  => '/usr/bin/id grace',
  require => Group['crew'],
  before  => File['/srv/plan.txt'],
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
