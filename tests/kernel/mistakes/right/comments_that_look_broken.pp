# it's "odd" {
/* ${not} a ' string */
notify { 'x': } # don't
notify { "a # no comment": }
$division = 10 / 2 / 5
notify { "half: ${division}": }
