exec { 'the failing one':
  command => '/bin/sh -c "echo oops >&2; exit 3"',
}
notify { 'another': }
