class site(Integer $port) {
  notify { "port ${port}": }
}
include site
