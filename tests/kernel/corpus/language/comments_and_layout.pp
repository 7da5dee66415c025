# a comment
notice('one') # at the end
/* over
   lines */ notice('two')
notice(
  'three',
  'trailing comma',
)
notice 'without parentheses'
include 'quoted_class'
class quoted_class { }
