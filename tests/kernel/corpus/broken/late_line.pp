# a long way down
   notice($unknown)
