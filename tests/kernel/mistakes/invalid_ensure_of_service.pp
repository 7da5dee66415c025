service { 'cron':
  ensure => started,
}
