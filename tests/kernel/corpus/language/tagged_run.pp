notify { 'one':
  tag => 'wanted',
}
notify { 'two': }
