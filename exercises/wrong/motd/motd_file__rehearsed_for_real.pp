# Without %%noop the planned greeting is there at once.
# --- cell: motd_rehearsal
file { '/etc/motd':
  ensure  => file,
  owner   => 'root',
  group   => 'staff',
  mode    => '0664',
  content => "Goodbye from Puppet camp.\n",
}
