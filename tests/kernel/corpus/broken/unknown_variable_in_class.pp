class app {
  $x = $other::thing
}
include app
