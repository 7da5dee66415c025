# /etc/issue had to stay; only the hidden part of the check sees it.
# --- cell: motd_answer
file { '/etc/motd':
  ensure  => file,
  owner   => 'root',
  group   => 'staff',
  mode    => '0664',
  content => "Welcome to Puppet camp. A manifest describes this node.\n",
}

file { ['/etc/issue', '/etc/issue.net']:
  ensure => absent,
}
