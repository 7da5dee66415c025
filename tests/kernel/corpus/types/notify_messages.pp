notify { 'plain': }
notify { 'titled':
  message => "two\nlines",
}
notify { 'loud':
  message  => 'a warning',
  loglevel => warning,
}
notify { 'path':
  message  => 'with its path',
  withpath => true,
}
notify { 'structured':
  message => ['a', 'list'],
}
notify { 'secret':
  message => Sensitive('not shown'),
}
