notice(inline_template('<%= nil.no_such_method %>'))
