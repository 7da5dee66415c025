# Only the order of the text makes the package come first.
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
  notify  => Service['nginx'],
}

service { 'nginx':
  ensure => running,
  enable => true,
}
