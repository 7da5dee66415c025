group { 'engines':
  ensure => present,
  gid    => 3001,
}
user { 'ada':
  ensure     => present,
  gid        => 'engines',
  groups     => ['backup', 'www-data'],
  membership => minimum,
}
user { 'attendee':
  groups     => ['engines'],
  membership => inclusive,
}
