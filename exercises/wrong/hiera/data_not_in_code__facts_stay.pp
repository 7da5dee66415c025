# The port is decided in the class, whatever the data say.
# --- cell: hiera_class
%%file modules/access/manifests/init.pp
# Says who may come in, and how.
#
# @param admins Who may come in.
# @param greeting What they read first.
class access (
  Array[String[1]]  $admins,
  String[1]         $greeting,
) {
  $port = $facts['os']['family'] ? {
    'RedHat' => 2222,
    default  => 22,
  }

  file { '/srv/access.conf':
    ensure  => file,
    content => "port ${port}\nadmins ${admins.join(' ')}\ngreeting ${greeting}\n",
  }
}
