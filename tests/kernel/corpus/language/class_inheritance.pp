class parent($mode = '0644') {
  file { '/tmp/inherited':
    ensure  => file,
    mode    => $mode,
    content => 'parent',
  }
}
class child inherits parent {
  File['/tmp/inherited'] {
    content => "child of ${parent::mode}",
    mode    => undef,
  }
}
class params {
  $port = 8080
}
class app($port = $params::port) inherits params {
  notice($port)
}
include child
include app
