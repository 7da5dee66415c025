file { '/tmp/secret':
  content   => 'new secret',
  show_diff => false,
}
file { '/tmp/public':
  content => "line one\nline 2\n",
}
