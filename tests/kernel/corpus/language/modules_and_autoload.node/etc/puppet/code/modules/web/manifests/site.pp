define web::site(Integer $port) {
  file { "/tmp/www/${title}.conf":
    content => epp('web/site.epp', { 'name' => $title, 'port' => $port }),
  }
  file { "/tmp/www/${title}.old":
    content => template('web/site.erb'),
  }
}
