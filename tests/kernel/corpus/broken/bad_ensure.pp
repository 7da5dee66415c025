file { '/tmp/x':
  ensure => presnt,
}
service { 'x':
  ensure => runing,
}
