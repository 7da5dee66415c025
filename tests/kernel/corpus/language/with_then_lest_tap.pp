notice(with(1, 2) |$a, $b| { $a + $b })
notice({ 'a' => 1 }['a'].then |$x| { $x + 1 }, undef.then |$x| { 'never' })
notice(undef.lest || { 'fallback' }, 'kept'.lest || { 'fallback' })
notice([1, 2, 3].next, [1, 2].break)
