notice(shellquote('a b', '$x'), scanf('12 apples', '%d %s'), 'a b c'.split(' ').map |$x| { $x.upcase })
notice(strftime(Timestamp('2020-02-03T04:05:06 UTC'), '%Y/%m/%d %H'), Timespan('01:30:00').strftime('%M'))
notice(digest('x'), sha256('y'), slice([1, 2, 3], 2), tree_each({ 'a' => 1 }).map |$x| { $x })
