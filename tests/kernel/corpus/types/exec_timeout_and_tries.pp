exec { 'too slow':
  command => '/bin/sleep 30',
  timeout => 1,
}
exec { 'tries':
  command   => 'echo try >> /tmp/tries; test $(wc -l < /tmp/tries) -ge 3',
  provider  => shell,
  tries     => 5,
  try_sleep => 0,
}
