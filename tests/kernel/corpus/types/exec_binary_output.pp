exec { 'printf "\377\376\000binary\n"':
  provider  => shell,
  logoutput => true,
}
exec { 'many lines':
  command   => '/usr/bin/seq 1 300',
  logoutput => true,
}
