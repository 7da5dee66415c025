exec { 'touch /tmp/x': }
