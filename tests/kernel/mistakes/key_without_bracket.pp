notify { 'hello':
  message => $facts'kernel'],
}
