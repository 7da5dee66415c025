notice(lookup('no::such::key'))
