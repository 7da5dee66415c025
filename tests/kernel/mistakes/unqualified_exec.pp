exec { 'echo hello': }
