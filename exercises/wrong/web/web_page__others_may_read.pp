# Mode 0644 lets others read; only the hidden part of the check sees it.
# --- cell: web_page_answer
file { '/srv/www':
  ensure => directory,
}

file { '/srv/www/index.html':
  ensure  => file,
  group   => 'www-data',
  mode    => '0644',
  content => "This page was written by Puppet.\n",
}
