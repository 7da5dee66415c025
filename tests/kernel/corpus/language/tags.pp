class tagged_class {
  tag 'extra'
  notify { 'inside':
    tag => 'own',
  }
  notice(tagged('extra'), tagged('nothing'), tagged('tagged_class'))
}
include tagged_class
Notify <| tag == 'own' |>
