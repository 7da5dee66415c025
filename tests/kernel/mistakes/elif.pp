$x = 1
if $x == 1 {
  notify { 'one': }
} elif $x == 2 {
  notify { 'two': }
}
