file { '/tmp/not_made':
  content => 'x',
  noop    => true,
}
file { '/tmp/made':
  content => 'y',
}
exec { '/bin/touch /tmp/not_run':
  noop => true,
}
~> exec { 'follows':
  command     => '/bin/touch /tmp/not_refreshed',
  refreshonly => true,
}
