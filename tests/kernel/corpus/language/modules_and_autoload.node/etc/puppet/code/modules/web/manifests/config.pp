class web::config {
  file { $web::root:
    ensure => directory,
  }
}
