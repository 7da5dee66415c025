notice(Integer('12'), Float(3), String(12), Array('abc'), Array({ 'a' => 1 }), Hash([['a', 1]]), Hash([1, 2]))
notice(Boolean('true'), Numeric('0x10'), Tuple([1, 2]), Struct({ 'a' => 1 }), Array(1, true), Sensitive('x'))
notice(Integer(3.99), Integer('-0x1f', 16, true), Regexp('a.b'), Type('Integer[1]'))
