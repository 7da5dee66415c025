file { '/tmp/password':
  content => Sensitive('hunter2'),
  mode    => '0600',
}
