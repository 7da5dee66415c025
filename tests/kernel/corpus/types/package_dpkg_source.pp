package { 'tree':
  ensure   => installed,
  provider => dpkg,
  source   => '/tmp/tree.deb',
}
