package { 'tree':
  ensure => '2.2.1-1',
}
package { 'curl':
  ensure => held,
}
