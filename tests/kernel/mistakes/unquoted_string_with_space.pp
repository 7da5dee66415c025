notify { 'a':
  message => hello world,
}
