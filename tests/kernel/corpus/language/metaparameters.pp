notify { 'last':
  require   => [Notify['first'], File['/tmp/x']],
  subscribe => File['/tmp/x'],
}
notify { 'first':
  before => Notify['last'],
  notify => Exec['/bin/true'],
  tag    => ['one', 'two'],
  alias  => 'the first one',
}
file { '/tmp/x':
  content  => 'x',
  loglevel => warning,
  require  => Notify['the first one'],
}
exec { '/bin/true':
  refreshonly => true,
}
