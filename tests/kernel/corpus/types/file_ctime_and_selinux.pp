file { '/tmp/plain':
  ensure                  => file,
  selinux_ignore_defaults => true,
}
