notice('before')
include no_such_class
