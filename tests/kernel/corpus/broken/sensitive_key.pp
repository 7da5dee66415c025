notice({ Sensitive('x') => 1 })
notice(Sensitive('x') + 1)
