class faulty {
  $x = 1

  notify { "x ${y}": }
}
