class site(Strng $name_of_site = 'x') {
  notify { $name_of_site: }
}
include site
