Exec {
  path => ['/bin', '/usr/bin'],
}
exec { 'echo shown':
  logoutput => true,
}
exec { 'echo hidden':
  logoutput => false,
}
exec { 'printf "two\nlines\n"':
  logoutput => true,
  loglevel  => warning,
}
exec { 'echo on_failure':
  logoutput => on_failure,
}
