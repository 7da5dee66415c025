$x = undef
notice($x['key'])
