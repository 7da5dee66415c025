class guarded($x) {
  if $x {
    fail("class ${title} cannot work with ${x}")
  }
}
class { 'guarded':
  x => 1,
}
