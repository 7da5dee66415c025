node 'web.example.com' {
  notify { 'hello': }
}
