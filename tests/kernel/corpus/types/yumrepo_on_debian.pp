yumrepo { 'epel':
  baseurl  => 'https://example.com/epel',
  enabled  => 1,
  gpgcheck => 1,
  descr    => 'Extra packages',
}
