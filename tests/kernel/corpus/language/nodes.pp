node 'camp' {
  notice('my node')
  include for_camp
}
node /^db\d+$/ {
  notice('a database')
}
node default {
  notice('any other')
}
class for_camp {
  notice($trusted['certname'])
}
