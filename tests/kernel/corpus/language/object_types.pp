type Person = Object[
  attributes => {
    name => String,
    age  => { type => Integer, value => 30 },
  },
]
$p = Person('Ada')
notice($p.name, $p.age, $p =~ Person)
