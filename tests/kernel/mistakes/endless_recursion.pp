function site($x) {
  site($x)
}
notice(site(1))
