notice('x')
/* never ended
