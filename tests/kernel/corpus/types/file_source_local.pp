file { '/tmp/copy':
  source => '/etc/debian_version',
}
file { '/tmp/copy_of_uri':
  source => 'file:///etc/host.conf',
}
file { '/tmp/first_that_exists':
  source => ['/nowhere/at/all', '/etc/issue'],
}
file { '/tmp/with_permissions':
  source             => '/tmp/origin',
  source_permissions => use,
}
