user { 'ada':
  ensure           => present,
  password         => Sensitive('$6$salt$IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwMuTS4XMS130MTSuDDl3aCI6WouIL9AjRbLCelDCy.g.'),
  password_max_age => 90,
  password_min_age => 1,
  expiry           => '2030-12-31',
}
