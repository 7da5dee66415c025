group { 'campers':
  ensure          => present,
  members         => ['attendee', 'nobody'],
  auth_membership => true,
}
