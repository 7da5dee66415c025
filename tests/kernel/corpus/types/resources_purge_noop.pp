resources { 'cron':
  purge => true,
  noop  => true,
}
resources { 'group':
  purge              => true,
  noop               => true,
  unless_system_user => true,
}
