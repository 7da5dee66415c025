group { 'attendee':
  ensure => absent,
}
