# The group is never mentioned, so the file keeps the one it had.
# --- cell: motd_answer
file { '/etc/motd':
  ensure  => file,
  owner   => 'root',
  mode    => '0664',
  content => "Welcome to Puppet camp. A manifest describes this node.\n",
}

file { '/etc/issue.net':
  ensure => absent,
}
