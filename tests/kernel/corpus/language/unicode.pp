$größe = 'x'
