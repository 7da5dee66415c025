$who = 'maria'
notify { 'hello':
  message => ${who},
}
