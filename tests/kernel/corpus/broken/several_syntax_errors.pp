$Capital = 1
$1abc = 2
class Bad-Name { }
file { '/tmp/x': mode => '0644', mode => '0600' }
