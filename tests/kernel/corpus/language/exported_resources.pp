@@file { '/tmp/exported':
  content => 'x',
}
File <<| |>>
@@notify { 'only exported': }
