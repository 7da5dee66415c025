$a = [1, 2, 3, 4, 5]
notice($a[0], $a[-1], $a[1, 2], $a[1, -2], $a[10])
notice($a + [6], $a - [1], $a << 7, [1] + { 'a' => 1 }, [[1, 2], [3]].flatten)
notice(3 in $a, 'x' in $a, $a.length, $a.reverse_each, $a.join('-'))
notice(*$a)
