notify { 'never':
  message => Deferred('fail', ['too late']),
}
