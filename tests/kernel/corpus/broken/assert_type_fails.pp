$x = 'text'
assert_type(Integer, $x)
