file { '/tmp/deferred':
  content => Deferred('sprintf', ['%s-%d', 'text', 42]),
}
$later = Deferred('upcase', ['abc'])
notify { 'now':
  message => $later,
}
file { '/tmp/template':
  content => Deferred('inline_epp', ['<%= $x %>', { 'x' => 1 }]),
}
