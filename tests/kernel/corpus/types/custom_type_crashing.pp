# A provider that breaks in an unforeseen way.
fragile { 'x':
  ensure => present,
}
notify { 'the others go on': }
