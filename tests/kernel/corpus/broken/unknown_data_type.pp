class typed(NoSuchType $x) { }
class { 'typed':
  x => 1,
}
