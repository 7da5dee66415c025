$x = 5
class class { }
