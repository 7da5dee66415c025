notice('before')
  notice(broken_ruby())
