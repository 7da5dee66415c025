pakage { 'tree':
  ensure => installed,
}
