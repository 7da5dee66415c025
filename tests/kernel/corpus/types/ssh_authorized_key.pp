file { '/home/attendee/.ssh':
  ensure => directory,
  owner  => 'attendee',
  mode   => '0700',
}
ssh_authorized_key { 'ada@example.com':
  ensure  => present,
  user    => 'attendee',
  type    => 'ssh-ed25519',
  key     => 'AAAAC3NzaC1lZDI1NTE5AAAAIPn7b5Q3ZsEyb1tXnzH0o0mGsvfYJe9uQbhU0pu0vGbL',
  options => ['no-pty', 'command="/bin/true"'],
}
