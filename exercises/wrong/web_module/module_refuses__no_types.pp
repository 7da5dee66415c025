# Parameters without types take everything.
# --- cell: web_module_class
%%file modules/web/manifests/init.pp
# Serves one page with nginx.
#
# @param port The port to listen on.
# @param root The folder of the page.
# @param greeting What the page says.
class web (
  $port     = 8080,
  $root     = '/srv/www',
  $greeting = 'Camp',
) {
  package { 'nginx-light':
    ensure => installed,
  }

  contain web::page

  file { '/etc/nginx/conf.d/camp.conf':
    ensure  => file,
    content => "server { listen ${port}; root ${root}; }\n",
    require => Package['nginx-light'],
    notify  => Service['nginx'],
  }

  service { 'nginx':
    ensure => running,
    enable => true,
  }
}
