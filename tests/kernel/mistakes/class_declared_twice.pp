class site {
  notify { 'hello': }
}
include site
class { 'site': }
