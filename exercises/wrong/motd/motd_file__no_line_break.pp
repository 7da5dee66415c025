# The line has no line break at its end.
file { '/etc/motd':
  ensure  => file,
  owner   => 'root',
  group   => 'staff',
  mode    => '0664',
  content => 'Welcome to Puppet camp. A manifest describes this node.',
}

file { '/etc/issue.net':
  ensure => absent,
}
