notice(logging())
