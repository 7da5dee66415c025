group { 'campers':
  ensure => present,
}
group { 'numbered':
  ensure => present,
  gid    => 4242,
}
group { 'games':
  ensure => absent,
}
group { 'backup':
  gid => 4343,
}
