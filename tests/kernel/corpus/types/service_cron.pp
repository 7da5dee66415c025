package { 'cron':
  ensure => installed,
}
service { 'cron':
  ensure  => running,
  enable  => true,
  require => Package['cron'],
}
