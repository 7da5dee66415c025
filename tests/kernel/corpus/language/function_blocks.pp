function twice(Integer $n, Callable &$block) >> Array {
  [$n, $n + 1].map |$x| { $x * 10 }
}
notice(twice(1) |$x| { $x })
