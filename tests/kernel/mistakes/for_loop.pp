for $x in ['a', 'b'] {
  notify { $x: }
}
