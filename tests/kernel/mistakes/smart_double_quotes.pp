notify { “hello”: }
