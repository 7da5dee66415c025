package { 'cron':
  ensure => installed,
}
-> cron { 'nightly':
  command => '/bin/true',
  user    => 'root',
  hour    => 2,
  minute  => [0, 30],
}
-> cron { 'special':
  command     => '/bin/true special',
  special     => 'daily',
  environment => ['MAILTO=nobody'],
}
-> cron { 'gone':
  ensure => absent,
}
