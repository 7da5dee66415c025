break()
notice('x')
