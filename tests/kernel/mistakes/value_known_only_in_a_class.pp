class site {
  $greeting = 'hello'
}
include site
notify { $greeting: }
