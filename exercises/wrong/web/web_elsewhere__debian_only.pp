# The name of the package is right on this machine only.
# --- cell: web_server_answer
$package = 'nginx-light'

package { $package:
  ensure => installed,
}

file { '/etc/nginx/conf.d/camp.conf':
  ensure  => file,
  content => "server { listen 8080; root /srv/www; }\n",
  require => Package[$package],
  notify  => Service['nginx'],
}

service { 'nginx':
  ensure => running,
  enable => true,
}
