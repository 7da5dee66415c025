if true {
  class site {
    notify { 'hello': }
  }
}
