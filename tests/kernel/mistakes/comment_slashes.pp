// say hello
notify { 'hello': }
