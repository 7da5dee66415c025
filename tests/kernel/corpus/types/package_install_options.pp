package { 'tree':
  ensure          => installed,
  install_options => ['--no-install-recommends', { '-o' => 'Dpkg::Options::=--force-confold' }],
}
