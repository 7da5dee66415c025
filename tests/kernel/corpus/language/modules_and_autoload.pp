include web
web::site { 'example.com':
  port => 8080,
}
