exec { 'look':
  command => '/bin/ls /nowhere',
}
