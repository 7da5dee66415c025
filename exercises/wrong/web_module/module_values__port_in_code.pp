# The port is a parameter, and the file does not use it.
# --- cell: web_module_class
%%file modules/web/manifests/init.pp
# Serves one page with nginx.
#
# @param port The port to listen on.
# @param root The folder of the page.
# @param greeting What the page says.
class web (
  Integer[1024, 65535] $port     = 8080,
  Pattern[/\A\//]      $root     = '/srv/www',
  String[1]            $greeting = 'Camp',
) {
  package { 'nginx-light':
    ensure => installed,
  }

  contain web::page

  file { '/etc/nginx/conf.d/camp.conf':
    ensure  => file,
    content => "server { listen 8080; root ${root}; }\n",
    require => Package['nginx-light'],
    notify  => Service['nginx'],
  }

  service { 'nginx':
    ensure => running,
    enable => true,
  }
}
