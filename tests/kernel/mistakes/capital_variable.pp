$Name = 'maria'
notify { $Name: }
