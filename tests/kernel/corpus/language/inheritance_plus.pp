class parent {
  exec { 'order':
    command     => '/bin/true',
    environment => ['A=1'],
  }
}
class child inherits parent {
  Exec['order'] {
    environment +> ['B=2'],
  }
  Notify <| title == 'collected' |> {
    message => 'overridden',
  }
}
@notify { 'collected': }
include child
