notice('abc' < 1)
