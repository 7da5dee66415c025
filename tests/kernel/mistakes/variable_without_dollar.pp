greeting = 'hello'
notify { $greeting: }
