user { 'attendee':
  ensure     => absent,
  managehome => true,
}
