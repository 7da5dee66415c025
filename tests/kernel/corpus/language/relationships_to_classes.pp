class app::install {
  notify { 'install': }
}
class app::config {
  notify { 'config': }
}
class app::service {
  exec { '/bin/true':
    refreshonly => true,
  }
}
class app {
  contain app::install
  contain app::config
  contain app::service
  Class['app::install'] -> Class['app::config'] ~> Class['app::service']
}
include app
