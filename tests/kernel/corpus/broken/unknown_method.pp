notice('x'.no_such_method)
