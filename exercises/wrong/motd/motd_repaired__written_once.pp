# The command runs once; what happens to the file later is nobody's business.
# --- cell: motd_answer
exec { 'write the greeting':
  command => '/bin/echo "Welcome to Puppet camp. A manifest describes this node." > /etc/motd && /bin/touch /etc/motd.done',
  creates => '/etc/motd.done',
}

file { '/etc/motd':
  owner   => 'root',
  group   => 'staff',
  mode    => '0664',
  require => Exec['write the greeting'],
}

file { '/etc/issue.net':
  ensure => absent,
}
