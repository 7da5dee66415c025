notify { 'hello": }
