notify { 'hello: }
notify { 'world': }
