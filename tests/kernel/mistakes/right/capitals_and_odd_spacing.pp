File { mode => '0644' }
file{'/tmp/hello.txt':ensure=>file;'/tmp/hello2.txt':ensure=>file}
$list=[1,2,3,]
$hash={'a'=>1,'b'=>{'c'=>[2,3]},}
notify{"${list[0]} ${hash['b']['c'][1]} \${text}":}
