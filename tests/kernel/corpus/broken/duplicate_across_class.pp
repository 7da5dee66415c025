class one {
  notify { 'same': }
}
class two {
  notify { 'same': }
}
include one
include two
