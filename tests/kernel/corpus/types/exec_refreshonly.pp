file { '/tmp/config':
  content => 'one',
}
~> exec { 'reload':
  command     => '/bin/sh -c "echo reloaded >> /tmp/reloads"',
  refreshonly => true,
}
exec { 'never':
  command     => '/bin/touch /tmp/never',
  refreshonly => true,
}
