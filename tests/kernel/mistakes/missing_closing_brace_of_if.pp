if $facts['kernel'] == 'Linux' {
  notify { 'Linux': }
