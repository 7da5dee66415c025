# An empty file is still a file.
# --- cell: motd_answer
file { '/etc/motd':
  ensure  => file,
  owner   => 'root',
  group   => 'staff',
  mode    => '0664',
  content => "Welcome to Puppet camp. A manifest describes this node.\n",
}

file { '/etc/issue.net':
  ensure  => file,
  content => '',
}
