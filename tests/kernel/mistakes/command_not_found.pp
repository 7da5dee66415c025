exec { '/usr/bin/frobnicate': }
