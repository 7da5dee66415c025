notice(old_style('a', 'b'))
