schedule { 'never':
  period => never,
}
schedule { 'always':
  range  => '0:00 - 23:59:59',
  period => hourly,
  repeat => 20,
}
file { '/tmp/never':
  content  => 'x',
  schedule => 'never',
}
file { '/tmp/always':
  content  => 'x',
  schedule => 'always',
}
exec { '/bin/touch /tmp/daily':
  schedule => 'daily',
}
