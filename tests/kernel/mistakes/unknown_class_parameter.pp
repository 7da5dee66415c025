class site(Integer $port = 80) {
  notify { "port ${port}": }
}
class { 'site':
  prot => 80,
}
