# A list of names is never complete; the family is what decides.
$tool = $facts['os']['name'] ? {
  'Debian' => 'apt',
  'Ubuntu' => 'apt',
  'CentOS' => 'dnf',
  'RedHat' => 'dnf',
  'Rocky'  => 'dnf',
  default  => 'unknown',
}

if $facts['memory']['system']['total_bytes'] < 2147483648 {
  $size = 'small'
} else {
  $size = 'large'
}

file { '/srv/inventory':
  ensure => directory,
}

file { '/srv/inventory/system.txt':
  ensure  => file,
  content => "${facts['os']['name']} ${facts['os']['release']['major']} ${facts['os']['architecture']}\n",
}

file { '/srv/inventory/tool.txt':
  ensure  => file,
  content => "${tool}\n",
}

file { '/srv/inventory/size.txt':
  ensure  => file,
  content => "${size}\n",
}

if $facts['is_virtual'] {
  file { '/srv/inventory/hardware.txt':
    ensure => absent,
  }
} else {
  file { '/srv/inventory/hardware.txt':
    ensure  => file,
    content => "physical\n",
  }
}
