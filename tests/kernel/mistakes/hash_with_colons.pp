$sizes = {
  'small': 1,
}
