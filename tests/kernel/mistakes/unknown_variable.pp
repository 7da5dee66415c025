$greeting = 'hello'
notify { $greting: }
