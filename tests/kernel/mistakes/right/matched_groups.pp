if 'web01' =~ /^([a-z]+)(\d+)$/ {
  notify { "role $1, number $2": }
}
