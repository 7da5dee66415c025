exec { '/bin/false': }
-> file { '/tmp/a': content => 'a' }
-> file { '/tmp/b': content => 'b' }
