file { '/tmp/hello.txt':
  ensure => file,
}

notify { 'between': }

file { '/tmp/hello.txt':
  mode => '0644',
}
