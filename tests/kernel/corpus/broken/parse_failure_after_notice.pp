notice('is it told?')
notify { 'x': }
notify { 'y'
