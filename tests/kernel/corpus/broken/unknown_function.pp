$x = 1
  notice(no_such_function('x'))
