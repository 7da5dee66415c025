file { '/tmp/x':
  default: mode => '0644';
}
