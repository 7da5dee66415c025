package { 'tree':
  ensure => installed,
}
package { ['sl', 'cowsay']:
  ensure => present,
}
