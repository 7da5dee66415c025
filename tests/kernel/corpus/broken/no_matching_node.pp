node 'somebody-else' {
  notice('x')
}
