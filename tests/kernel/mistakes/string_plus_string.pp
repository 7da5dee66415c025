$who = 'maria'
notify { 'hello ' + $who: }
