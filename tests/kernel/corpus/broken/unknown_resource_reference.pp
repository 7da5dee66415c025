notify { 'x':
  require => File['/tmp/none'],
}
