class outer {
  contain inner
  notify { 'outer': }
}
class inner {
  notify { 'inner': }
}
notify { 'before': }
-> class { 'outer': }
-> notify { 'after': }
