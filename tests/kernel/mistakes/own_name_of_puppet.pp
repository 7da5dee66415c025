$name = 'maria'
notify { $name: }
