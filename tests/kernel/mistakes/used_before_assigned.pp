notify { $greeting: }
$greeting = 'hello'
