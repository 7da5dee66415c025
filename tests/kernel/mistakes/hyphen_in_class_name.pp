class my-site {
  notify { 'hello': }
}
include my-site
