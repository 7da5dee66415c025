class site(Boolean $debug = false) {
}
class { 'site':
  debug => 'true',
}
