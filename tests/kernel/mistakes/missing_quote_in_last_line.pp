notify { 'hello': }
notify { "world: }
