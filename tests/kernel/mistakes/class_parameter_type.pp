class site(Integer $port) {
  notify { "port ${port}": }
}
class { 'site':
  port => '80',
}
