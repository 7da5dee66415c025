$who = 'maria'
$loud = upcase $who
notify { $loud: }
