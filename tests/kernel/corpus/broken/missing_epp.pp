file { '/tmp/x':
  content => epp('none/x.epp'),
}
