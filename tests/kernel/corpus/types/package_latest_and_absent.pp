package { 'tree':
  ensure => latest,
}
package { 'sl':
  ensure => absent,
}
package { 'nano':
  ensure => purged,
}
