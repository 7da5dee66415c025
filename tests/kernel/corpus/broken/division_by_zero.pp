$zero = 0
notice(1 / $zero)
