file { '/tmp/watched':
  audit => content,
}
