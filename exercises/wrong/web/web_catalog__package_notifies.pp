# The service restarts when the package changes, not when the file does.
# --- cell: web_server_answer
$package = $facts['os']['family'] ? {
  'RedHat' => 'nginx',
  default  => 'nginx-light',
}

package { $package:
  ensure => installed,
  notify => Service['nginx'],
}

file { '/etc/nginx/conf.d/camp.conf':
  ensure  => file,
  content => "server { listen 8080; root /srv/www; }\n",
  require => Package[$package],
  before  => Service['nginx'],
}

service { 'nginx':
  ensure => running,
  enable => true,
}
