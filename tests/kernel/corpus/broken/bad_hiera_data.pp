notice(lookup('key', { 'default_value' => 'x' }))
