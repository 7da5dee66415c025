$known = 1
notify { "${unknown}": }
