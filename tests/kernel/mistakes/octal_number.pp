$hour = 08
notify { "at ${hour}": }
