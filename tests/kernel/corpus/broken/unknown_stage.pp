class c { }
class { 'c':
  stage => 'none',
}
