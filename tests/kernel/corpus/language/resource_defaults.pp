File {
  mode  => '0600',
  owner => 'nobody',
}
file { '/tmp/a':
  ensure => file,
}
file { '/tmp/b':
  ensure => file,
  mode   => '0644',
}
class scoped {
  File { mode => '0666' }
  file { '/tmp/c': ensure => file }
}
include scoped
