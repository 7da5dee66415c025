$text = 'text'
$number = 42
$truth = true
$nothing = undef
$list = [1, 'two', [3]]
[$first, $second] = [10, 20]
{ 'a' => $a, 'b' => $b } = { 'a' => 1, 'b' => 2 }
notice($text, $number, $truth, $nothing, $list, $first, $second, $a, $b)
