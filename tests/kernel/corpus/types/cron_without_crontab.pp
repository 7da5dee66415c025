cron { 'nightly':
  command => '/bin/true',
  hour    => 2,
}
