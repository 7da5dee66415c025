notice('x')
@ % &
