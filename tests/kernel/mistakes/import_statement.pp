import 'site.pp'
