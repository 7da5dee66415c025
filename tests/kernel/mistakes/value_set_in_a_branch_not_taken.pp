if $facts['kernel'] == 'Minix' {
  $greeting = 'hello'
}
notify { $greeting: }
