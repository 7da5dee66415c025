exec { '/usr/bin/there-is-no-such-command': }
