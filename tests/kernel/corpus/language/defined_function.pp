include present
class present { }
class absent_one { }
define thing() { }
notice(defined('present'), defined(Class['present']), defined(Class['absent_one']), defined('thing'), defined('no_such'))
notice(defined('$present::x'), defined(File['/tmp/a']))
file { '/tmp/a': ensure => absent }
notice(defined(File['/tmp/a']))
