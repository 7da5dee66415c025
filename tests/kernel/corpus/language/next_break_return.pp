notice([1, 2, 3].map |$n| { if $n == 2 { next('skipped') } $n })
[1, 2, 3].each |$n| { if $n == 2 { break() } notice($n) }
class early {
  notice('before')
  return()
  notice('after')
}
include early
