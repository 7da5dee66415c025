exec { '/bin/ls':
  timeout => 'soon',
}
