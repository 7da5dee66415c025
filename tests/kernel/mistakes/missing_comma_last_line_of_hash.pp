$sizes = {
  'small' => 1
  'large' => 2,
}
