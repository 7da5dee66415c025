# In single quotes \n is a backslash and an n, not a line break.
# --- cell: motd_answer
file { '/etc/motd':
  ensure  => file,
  owner   => 'root',
  group   => 'staff',
  mode    => '0664',
  content => 'Welcome to Puppet camp. A manifest describes this node.\n',
}

file { '/etc/issue.net':
  ensure => absent,
}
