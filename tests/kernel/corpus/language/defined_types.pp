define note(String $text, Enum['low', 'high'] $level = 'low', Hash $extra = {}) {
  file { "/tmp/note_${title}":
    content => "${text} ${level} ${extra}\n",
  }
}
note { 'first':
  text => 'one',
}
note {
  default:
    level => 'high',;
  'second':
    text => 'two',;
  'third':
    text  => 'three',
    extra => { 'a' => 1 },
}
note { ['fourth', 'fifth']:
  text => 'many',
}
