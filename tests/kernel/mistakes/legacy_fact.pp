notify { "this is ${osfamily}": }
