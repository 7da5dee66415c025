# The service comes after the file, and hears nothing of its changes.
# --- cell: web_server_answer
package { 'nginx-light':
  ensure => installed,
}

file { '/etc/nginx/conf.d/camp.conf':
  ensure  => file,
  content => "server { listen 8080; root /srv/www; }\n",
  require => Package['nginx-light'],
}

service { 'nginx':
  ensure  => running,
  enable  => true,
  require => File['/etc/nginx/conf.d/camp.conf'],
}
