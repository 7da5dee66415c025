notify { 'x':
  requires => File['/tmp'],
}
