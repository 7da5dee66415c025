notice('Grüße', "日本 ${'é'.upcase}", '🎉')
notify { 'Titel mit Ümläuten – ✓':
  message => 'ßß',
}
file { '/tmp/ünïcode':
  content => "\u{1F389}\n",
}
