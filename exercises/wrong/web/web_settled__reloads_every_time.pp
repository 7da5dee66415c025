# A command without a guard runs every time.
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

exec { '/usr/sbin/nginx -s reload':
  require => Service['nginx'],
}

service { 'nginx':
  ensure => running,
  enable => true,
}
