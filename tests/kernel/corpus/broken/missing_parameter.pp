class needs($a, $b) { }
class { 'needs':
  a => 1,
}
