$port = '80'
if $port > 79 {
  notify { 'high': }
}
