# The server listens on another port than the task says.
# --- cell: web_server_answer
package { 'nginx-light':
  ensure => installed,
}

file { '/etc/nginx/conf.d/camp.conf':
  ensure  => file,
  content => "server { listen 8088; root /srv/www; }\n",
  require => Package['nginx-light'],
  notify  => Service['nginx'],
}

service { 'nginx':
  ensure => running,
  enable => true,
}
