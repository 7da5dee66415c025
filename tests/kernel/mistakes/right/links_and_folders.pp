file { '/tmp/hint_link': ensure => '/etc/hostname' }
file { '/tmp/hint_link2': ensure => link, target => '/etc/hostname' }
file { '/tmp/hint_dir': ensure => 'directory' }
package { 'tree': ensure => installed, noop => true }
