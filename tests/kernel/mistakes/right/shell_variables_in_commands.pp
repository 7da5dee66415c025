$user = 'maria'
exec { '/usr/bin/test -d "${HOME}"':
  unless => '/bin/sh -c "test -n ${user}"',
}
exec { 'loop':
  command => '/bin/sh -c \'for user in a b; do echo ${user}; done\'',
  unless  => '/bin/true',
}
