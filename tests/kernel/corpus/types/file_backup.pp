file { '/tmp/to_bucket':
  content => 'new',
  backup  => puppet,
}
file { '/tmp/beside':
  content => 'new',
  backup  => '.before',
}
file { '/tmp/unkept':
  content => 'new',
  backup  => false,
}
