class first_steps {
  notify { 'first': }
}
class last_steps {
  notify { 'last': }
}
stage { 'before_all':
  before => Stage['main'],
}
class { 'first_steps':
  stage => 'before_all',
}
include last_steps
