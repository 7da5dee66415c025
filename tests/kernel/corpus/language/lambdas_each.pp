['a', 'b'].each |$value| { notice($value) }
['a', 'b'].each |$index, $value| { notice("${index}=${value}") }
{ 'x' => 1, 'y' => 2 }.each |$key, $value| { notice("${key}:${value}") }
{ 'x' => 1 }.each |$pair| { notice($pair) }
3.each |$n| { notice($n) }
Integer[1, 9].step(4).each |$n| { notice("step ${n}") }
['a', 'b', 'c'].reverse_each |$v| { notice($v) }
