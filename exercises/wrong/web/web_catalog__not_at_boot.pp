# The service runs now, and is gone after the machine has started again.
# --- cell: web_server_answer
package { 'nginx-light':
  ensure => installed,
}

file { '/etc/nginx/conf.d/camp.conf':
  ensure  => file,
  content => "server { listen 8080; root /srv/www; }\n",
  require => Package['nginx-light'],
  notify  => Service['nginx'],
}

service { 'nginx':
  ensure => running,
}
