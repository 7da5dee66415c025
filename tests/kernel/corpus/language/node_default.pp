node 'somebody-else' {
  notice('not me')
}
node default {
  notice('default')
}
