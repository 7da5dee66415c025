user { 'attendee':
  ensure  => present,
  comment => 'Somebody else',
  shell   => '/bin/sh',
  home    => '/tmp/home',
}
