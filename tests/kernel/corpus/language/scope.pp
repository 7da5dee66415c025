$x = 'top'
class inner {
  $x = 'class'
  notice("${x} ${::x}")
}
define local_one() {
  $x = 'define'
  notice("${x} ${::x} ${title} ${name}")
}
include inner
local_one { 'a': }
notice($x, $inner::x)
[1, 2].each |$x| { notice("lambda ${x}") }
notice($x)
