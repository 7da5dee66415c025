# The service runs now, and is gone after the machine has started again.
# --- cell: web_server_answer
$package = $facts['os']['family'] ? {
  'RedHat' => 'nginx',
  default  => 'nginx-light',
}

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
}
