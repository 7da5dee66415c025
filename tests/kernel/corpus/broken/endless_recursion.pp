function forever($n) { forever($n + 1) }
notice(forever(1))
