1
'text'
$x = 5
$x
