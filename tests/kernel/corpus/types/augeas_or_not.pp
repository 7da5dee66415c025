augeas { 'motd':
  context => '/files/etc/hosts',
  changes => ['set *[canonical = "camp"]/alias camp2'],
}
