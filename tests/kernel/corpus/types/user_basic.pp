user { 'ada':
  ensure     => present,
  uid        => 2001,
  comment    => 'Ada Lovelace',
  home       => '/home/ada',
  shell      => '/bin/bash',
  managehome => true,
}
