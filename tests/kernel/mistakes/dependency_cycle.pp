notify { 'first':
  require => Notify['third'],
}
notify { 'second':
  require => Notify['first'],
}
notify { 'third':
  require => Notify['second'],
}
