['a', 'b'].each |x| {
  notify { 'x': }
}
