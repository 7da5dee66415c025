class settings_of(Integer $port, Hash $users, String $color) {
  notice("${port} ${users} ${color}")
}
