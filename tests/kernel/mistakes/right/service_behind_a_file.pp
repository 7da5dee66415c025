file { '/tmp/x': content => 'a' } ~> exec { 'later': command => '/bin/true', refreshonly => true }
user { 'root': ensure => present }
file { '/tmp/y': ensure => file } -> cron { 'never': ensure => absent, user => 'root' }
