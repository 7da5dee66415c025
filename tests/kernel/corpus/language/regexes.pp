if 'puppet-8.10' =~ /(\w+)-(\d+)\.(\d+)/ {
  notice($0, $1, $2, $3)
}
case 'web-01.example.com' {
  /^db/: { notice('database') }
  /^web-(\d+)/: { notice("web ${1}") }
  default: { notice('other') }
}
$r = Regexp['a.c']
notice('abc' =~ $r, 'abc' !~ /x/, 'a1b2'.regsubst(/\d/, '#', 'G'), 'abc'.match(/b(c)/))
