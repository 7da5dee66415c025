resources { 'host':
  purge => true,
}
host { 'kept.example.com':
  ip => '192.0.2.1',
}
