# The web server may not read a page of mode 0600: it says *403 Forbidden*.
# --- cell: web_module_page
%%file modules/web/manifests/page.pp
# Writes the page that the web server shows.
class web::page {
  file { $web::root:
    ensure => directory,
  }

  file { "${web::root}/index.html":
    ensure  => file,
    mode    => '0600',
    content => "<h1>${web::greeting}</h1>\n",
  }
}
