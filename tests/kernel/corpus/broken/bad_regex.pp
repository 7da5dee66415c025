if 'x' =~ /(unclosed/ {
  notice('y')
}
