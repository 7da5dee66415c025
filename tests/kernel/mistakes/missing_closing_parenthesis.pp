notice('hello'
notify { 'next': }
