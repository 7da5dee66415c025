undef
