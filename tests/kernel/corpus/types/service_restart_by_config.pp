package { 'nginx-light':
  ensure => installed,
}
-> file { '/etc/nginx/conf.d/camp.conf':
  content => "server { listen 8081; }\n",
}
~> service { 'nginx':
  ensure => running,
}
