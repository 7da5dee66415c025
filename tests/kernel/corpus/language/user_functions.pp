function double(Integer $n) >> Integer {
  $n * 2
}
function greet(String $who = 'world', String *$others) {
  [$who, *$others].map |$name| { "Hello ${name}" }
}
function apply_to($value, Callable[Any] &$block) {
  $block($value)
}
notice(double(21), greet(), greet('a', 'b'))
function recursive(Integer $n) { if $n <= 1 { 1 } else { $n * recursive($n - 1) } }
notice(recursive(10))
