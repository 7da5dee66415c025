notify { 'x': }
Notify['x'] -> Notify['y']
