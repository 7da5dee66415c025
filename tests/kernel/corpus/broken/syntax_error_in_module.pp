notice('before')
include faulty
