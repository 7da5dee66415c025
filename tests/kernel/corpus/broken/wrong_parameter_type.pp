class typed(Integer[1, 10] $n, String $s = 'x') { }
class { 'typed':
  n => 'ten',
}
