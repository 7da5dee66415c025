notice(String(255, '%x'), String(255, '%#X'), String(3.14159, '%.2f'), String(5, '%05d'))
notice(String([1, 2], '%s'), String({ 'a' => 1 }, '%p'), String(true, '%y'), String('x', '%5s'))
