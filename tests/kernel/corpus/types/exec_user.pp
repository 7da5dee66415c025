exec { 'whoami > /tmp/who; id -Gn > /tmp/groups; echo $HOME > /tmp/home':
  provider => shell,
  user     => 'attendee',
}
exec { 'id -gn > /tmp/group':
  provider => shell,
  group    => 'backup',
}
