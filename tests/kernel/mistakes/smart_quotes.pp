notify { ‘hello’: }
