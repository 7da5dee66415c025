notify { ‘x’: }
