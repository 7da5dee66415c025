# Only the order of the text makes the package come first.
# --- cell: web_server_answer
package { 'nginx-light':
  ensure => installed,
}

file { '/etc/nginx/conf.d/camp.conf':
  ensure  => file,
  content => "server { listen 8080; root /srv/www; }\n",
  notify  => Service['nginx'],
}

service { 'nginx':
  ensure => running,
  enable => true,
}
