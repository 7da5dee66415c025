file { '/tmp/binary':
  content => Binary('AAECA//+/Q=='),
}
file { '/tmp/umlauts':
  content => "Grüße – ✓ 日本\n",
}
file { '/tmp/kein_ascii_ä':
  content => 'x',
}
