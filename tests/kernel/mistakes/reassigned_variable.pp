$colour = 'red'
notify { $colour: }
$colour = 'blue'
