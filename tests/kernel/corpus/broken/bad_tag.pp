notify { 'x':
  tag => 'not a tag!',
}
