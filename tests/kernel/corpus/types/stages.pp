stage { 'first':
  before => Stage['main'],
}
stage { 'last': }
Stage['main'] -> Stage['last']
class early {
  notify { 'early': }
}
class late {
  notify { 'late': }
}
class { 'late':
  stage => 'last',
}
class { 'early':
  stage => 'first',
}
notify { 'main': }
