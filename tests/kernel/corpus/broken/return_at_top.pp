return()
notice('x')
