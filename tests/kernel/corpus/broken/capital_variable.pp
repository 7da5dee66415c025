$Name = 'x'
