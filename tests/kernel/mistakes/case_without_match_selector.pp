$size = 'huge'
$number = $size ? {
  'small' => 1,
  'large' => 2,
}
