exec { '/bin/false': }
-> file { '/tmp/one':
  content => '1',
}
-> file { '/tmp/two':
  content => '2',
}
file { '/tmp/independent':
  content => '3',
}
