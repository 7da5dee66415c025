host { 'db.example.com':
  ensure       => present,
  ip           => '192.0.2.10',
  host_aliases => ['db', 'database'],
  comment      => 'the database',
}
host { 'gone.example.com':
  ensure => absent,
}
