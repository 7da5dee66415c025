$port = 'port' + 80
notify { $port: }
