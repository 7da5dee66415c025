notify { 'hello':
  message => 'it's me',
}
