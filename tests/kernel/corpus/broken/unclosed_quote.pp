notify { 'x':
  message => 'never closed,
}
