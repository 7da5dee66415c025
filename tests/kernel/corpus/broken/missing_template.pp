file { '/tmp/x':
  content => template('none/x.erb'),
}
