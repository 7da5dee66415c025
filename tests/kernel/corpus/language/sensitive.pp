$secret = Sensitive('hidden')
notice($secret, "in text: ${secret}", $secret.unwrap)
notify { 'secret':
  message => $secret,
}
file { '/tmp/secret':
  content => $secret,
}
exec { 'uses it':
  command  => Sensitive('echo hidden > /tmp/used'),
  provider => shell,
}
