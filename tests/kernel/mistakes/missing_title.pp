package {
  ensure => installed,
}
