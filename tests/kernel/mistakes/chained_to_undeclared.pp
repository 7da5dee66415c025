Package['tree'] -> notify { 'after': }
