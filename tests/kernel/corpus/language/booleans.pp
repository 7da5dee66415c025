notice(true and false, true or false, !true, 1 == 1.0, 'a' == 'A', 'a' =~ /A/, '' and true)
notice(Boolean('yes'), Boolean(0), Boolean('false'))
if '' { notice('an empty text is true') }
if undef { notice('never') } else { notice('undef is false') }
