notify { 'hello':
  message => "say "hello" now",
}
