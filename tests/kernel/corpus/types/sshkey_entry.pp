sshkey { 'github.example.com':
  ensure       => present,
  type         => 'ssh-ed25519',
  key          => 'AAAAC3NzaC1lZDI1NTE5AAAAIPn7b5Q3ZsEyb1tXnzH0o0mGsvfYJe9uQbhU0pu0vGbL',
  host_aliases => ['192.0.2.22'],
  target       => '/tmp/known_hosts',
}
