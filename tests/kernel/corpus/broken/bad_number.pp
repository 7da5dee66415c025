$x = 0xZZ
notice($x)
