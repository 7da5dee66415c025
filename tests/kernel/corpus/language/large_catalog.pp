$names = range_of(1, 120)
function range_of($from, $to) { Integer[$from, $to].map |$n| { $n } }
$names.each |$n| {
  file { "/tmp/many_${n}":
    content => "${n}",
  }
}
