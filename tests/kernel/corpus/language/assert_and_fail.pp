assert_type(Integer, 5)
$safe = assert_type(Integer[0, 10], 11) |$expected, $actual| {
  warning("expected ${expected}, got ${actual}")
  10
}
notice($safe)
