notice($facts['osfamily'])
