# What is there once stays as it is, whatever is in it.
# --- cell: web_page_answer
file { '/srv/www':
  ensure => directory,
}

file { '/srv/www/index.html':
  ensure  => file,
  group   => 'www-data',
  mode    => '0640',
  replace => false,
  content => "This page was written by Puppet.\n",
}
