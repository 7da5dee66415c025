class c($x = 1) { }
class { 'c': }
class { 'c': x => 2 }
