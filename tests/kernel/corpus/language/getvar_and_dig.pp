$data = { 'a' => [{ 'b' => 'deep' }] }
notice(getvar('data.a.0.b'), getvar('data.x', 'none'), getvar('unknown_one', 'fallback'))
notice($data.dig('a', 0, 'b'), $data.get('a.0.b'))
