# What is there once stays as it is, whatever is in it.
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
  replace => false,
  content => "server { listen 8080; root /srv/www; }\n",
  require => Package[$package],
  notify  => Service['nginx'],
}

service { 'nginx':
  ensure => running,
  enable => true,
}
