$names = ['maria', 'ada']
$names.each |Integer $index, String $name| {
  notify { "${index}: ${name}": }
}
notify { inline_epp('<%= $names[0] %> ${names}', { 'names' => $names }): }
notify { regsubst('abc', '(b)', '[\1]'): }
notify { sprintf('%s ${names}', 'x'): }
