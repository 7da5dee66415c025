file { '/etc/motd':
  content => "Welcome\nto the camp\n",
}
file { '/tmp/kept':
  content => 'new',
  replace => false,
}
file { '/tmp/made_once':
  content => 'new',
  replace => false,
}
