function number() >> Integer {
  'text'
}
notice(number())
