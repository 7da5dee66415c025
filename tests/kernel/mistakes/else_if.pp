$x = 1
if $x == 1 {
  notify { 'one': }
} else if $x == 2 {
  notify { 'two': }
}
