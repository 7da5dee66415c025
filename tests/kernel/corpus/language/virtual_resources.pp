@file { '/tmp/realized':
  content => 'x',
  tag     => 'wanted',
}
@file { '/tmp/collected':
  content => 'y',
  tag     => ['other', 'more'],
}
@file { '/tmp/never':
  content => 'z',
}
realize(File['/tmp/realized'])
File <| tag == 'more' and title != '/tmp/never' |>
