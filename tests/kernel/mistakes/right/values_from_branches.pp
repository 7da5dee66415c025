if true {
  $greeting = 'hello'
} else {
  $greeting = 'bye'
}
notify { $greeting: }
$size = $greeting ? { 'hello' => 'small', default => 'large' }
case $size { 'small', 'tiny': { notify { 's': } } default: { notify { 'l': } } }
unless false { notify { 'u': } }
