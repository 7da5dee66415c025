$name_of = 'camp'
$hash = { 'key' => { 'deep' => ['zero', 'one'] } }
notice("${name_of} ${hash['key']['deep'][1]} ${name_of.upcase} ${1 + 2} $name_of")
notice("\$escaped \${too} \t tab \u{1F600} \u00e9 \\ \"quoted\" \s")
notice('single ${name_of} \n it\'s')
notice("${$name_of} ${hash[key][deep][0]}")
