file { '/etc/hostname':
  audit => [owner, mode],
}
file { '/etc/passwd':
  audit => all,
  noop  => true,
}
