file { '/tmp/md5':
  content  => 'text',
  checksum => md5,
}
file { '/tmp/sha512':
  source   => '/tmp/origin',
  checksum => sha512,
}
file { '/tmp/mtime':
  source   => '/tmp/origin',
  checksum => mtime,
}
file { '/tmp/value':
  ensure         => file,
  source         => '/tmp/origin',
  checksum       => md5,
  checksum_value => 'd41d8cd98f00b204e9800998ecf8427e',
}
