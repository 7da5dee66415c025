file { '/tmp/new_link':
  ensure => link,
  target => '/etc/hostname',
}
file { '/tmp/by_path':
  ensure => '/etc/hosts',
}
file { '/tmp/moved_link':
  ensure => link,
  target => '/etc/passwd',
}
file { '/tmp/was_file':
  ensure => link,
  target => '/etc/group',
}
file { '/tmp/was_folder':
  ensure => link,
  target => '/etc',
  force  => true,
}
