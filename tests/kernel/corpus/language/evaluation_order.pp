notice('first')
notify { 'a':
  message => "later ${$facts['kernel']}",
}
include uses_later
class uses_later {
  notice(defined('$late'))
}
$late = 'set'
notice(defined('$late'))
