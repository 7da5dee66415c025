notice(1 < 2, 'a' < 'B', 'b' >= 'A', 1 != '1', [1] == [1], { 'a' => 1 } == { 'a' => 1 })
notice(Integer < Numeric, Integer <= Integer, String > Pattern[/a/], SemVer('1.2.3') > SemVer('1.2.0'))
