define thing($a) { }

thing { 'x':
  a => 1,
  b => 2,
}
