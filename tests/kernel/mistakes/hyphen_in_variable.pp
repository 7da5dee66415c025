$my-name = 'maria'
notify { "hello": }
