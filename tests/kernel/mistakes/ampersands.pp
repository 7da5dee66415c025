if true && true {
  notify { 'both': }
}
