$facts_of_life = '$5 and ${nothing}'
notify { 'costs $5, ${really}': }
$text = @(END)
  for ${text} in a shell
  | END
notify { $text: }
