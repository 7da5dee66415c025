$attributes = { 'ensure' => 'file', 'mode' => '0600' }
file { '/tmp/splat':
  content => 'x',
  *       => $attributes,
}
file {
  default:
    mode => '0640',
    ;
  ['/tmp/one', '/tmp/two']:
    ensure => file,
    ;
  '/tmp/three':
    ensure => file,
    mode   => '0755',
}
$type = 'file'
create_resources($type, { '/tmp/created' => { 'content' => 'y' } }, { 'mode' => '0604' })
Resource[$type] { '/tmp/by_type':
  ensure => file,
}
