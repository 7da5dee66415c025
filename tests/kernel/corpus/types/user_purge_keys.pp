user { 'attendee':
  purge_ssh_keys => true,
}
ssh_authorized_key { 'mine':
  user => 'attendee',
  type => 'ssh-ed25519',
  key  => 'AAAAC3NzaC1lZDI1NTE5AAAAIPn7b5Q3ZsEyb1tXnzH0o0mGsvfYJe9uQbhU0pu0vGbL',
}
