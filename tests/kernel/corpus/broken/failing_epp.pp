notice(inline_epp('<%= $no_such_variable %>'))
