type Port = Integer[1, 65535]
type Address = Struct[{ host => String[1], port => Port }]
type Tree = Array[Variant[Integer, Tree]]
class server(Port $port, Address $upstream, Tree $tree = []) {
  notice("${port} ${upstream['host']} ${tree}")
}
class { 'server':
  port     => 8080,
  upstream => { 'host' => 'example.com', 'port' => 80 },
  tree     => [1, [2, [3]]],
}
