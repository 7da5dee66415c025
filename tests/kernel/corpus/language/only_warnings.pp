notice("unknown escape \q")
class deprecated_name { }
notice("${facts['none']}")
$x = 1
if $x == 1 { }
