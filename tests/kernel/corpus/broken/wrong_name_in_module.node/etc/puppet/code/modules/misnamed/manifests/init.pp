class another_name {
  notice('x')
}
