file { '/tmp/x':
  mode => '0644',
}
File['/tmp/x'] {
  mode => '0600',
}
