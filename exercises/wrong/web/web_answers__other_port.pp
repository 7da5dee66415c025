# The server listens on another port than the task says.
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
  content => "server { listen 8088; root /srv/www; }\n",
  require => Package[$package],
  notify  => Service['nginx'],
}

service { 'nginx':
  ensure => running,
  enable => true,
}
