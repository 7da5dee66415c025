type Address = Struct[{ host => String, port => Integer }]
class server(Address $a) { }
class { 'server':
  a => { host => 'x', port => 'http', extra => 1 },
}
