package { 'tree':
  ensure => installed,
}
package { 'the same':
  ensure => installed,
  name   => 'tree',
}
