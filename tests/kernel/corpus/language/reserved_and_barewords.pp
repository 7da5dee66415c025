notice(bareword, with-dash, some::qualified::word, 'in', type)
$underscore_1 = 1
notice($underscore_1)
notify { bareword: message => unquoted }
