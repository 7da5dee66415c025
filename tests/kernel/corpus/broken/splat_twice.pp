file { '/tmp/x':
  * => { mode => '0644' },
  * => { owner => 'root' },
}
