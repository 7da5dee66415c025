$os = $facts['os']['family']
notice($os)
