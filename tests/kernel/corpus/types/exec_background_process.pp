exec { 'leaves a process':
  command  => 'sleep 300 > /dev/null 2>&1 & echo started > /tmp/started',
  provider => shell,
  creates  => '/tmp/started',
}
