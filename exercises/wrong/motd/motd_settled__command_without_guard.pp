# A command without a guard runs every time.
# --- cell: motd_answer
file { '/etc/motd':
  ensure  => file,
  owner   => 'root',
  group   => 'staff',
  mode    => '0664',
  content => "Welcome to Puppet camp. A manifest describes this node.\n",
}

file { '/etc/issue.net':
  ensure => absent,
}

exec { '/bin/chmod 0664 /etc/motd':
  require => File['/etc/motd'],
}
