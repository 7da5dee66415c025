$n = 5
if $n > 10 {
  notice('big')
} elsif $n > 3 {
  notice('middling')
} else {
  notice('small')
}
unless $n == 5 {
  notice('not five')
} else {
  notice('five')
}
$value = if $n == 5 { 'yes' } else { 'no' }
notice($value)
