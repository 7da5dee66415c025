notify { 'c': }
notify { 'a': }
notify { 'b': }
Notify['a'] -> Notify['b'] -> Notify['c']
notify { 'e': } <- notify { 'd': }
[Notify['c'], Notify['b']] -> Notify['d']
file { '/tmp/x': content => 'x' } ~> exec { '/bin/true': refreshonly => true }
