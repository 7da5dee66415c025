$h = { 'a' => 1, b => 2, 3 => 'three', 'nested' => { 'x' => [1] } }
notice($h['a'], $h[b], $h[3], $h['nested']['x'][0], $h['none'])
notice($h + { 'a' => 9 }, $h - 'a', keys($h), values($h), 'a' in $h)
notice($h.dig('nested', 'x', 0), $h.get('nested.x.0'), $h.length)
