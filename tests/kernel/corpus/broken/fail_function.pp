notice('before')
fail('this is where it ends')
