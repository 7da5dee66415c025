package { 'cron':
  ensure => installed,
}
-> service { 'cron':
  ensure => stopped,
  enable => false,
}
