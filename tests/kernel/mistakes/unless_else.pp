unless true {
  notify { 'a': }
} elsif true {
  notify { 'b': }
}
