$os = 'Debian'
case $os {
  'RedHat', 'CentOS': { $service = 'httpd' }
  /^(Debian|Ubuntu)$/: { $service = 'apache2' }
  default: { $service = 'unknown' }
}
$package = $os ? {
  'RedHat' => 'httpd',
  Enum['Debian', 'Ubuntu'] => "apache2-${service}",
  default => undef,
}
notice($service, $package)
notice(case 7 { Integer[0, 5]: { 'low' } Integer: { 'other' } default: { 'no number' } })
case [1, 2] { [1, 2]: { notice('array') } *[3, 4]: { notice('splat') } default: { notice('none') } }
