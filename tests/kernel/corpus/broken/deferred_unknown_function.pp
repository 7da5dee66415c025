notify { 'x':
  message => Deferred('no_such_function', []),
}
