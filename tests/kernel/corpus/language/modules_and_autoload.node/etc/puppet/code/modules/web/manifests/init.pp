class web(String $root = '/tmp/www') {
  contain web::config
  notice("root ${root}, module ${module_name}, caller ${caller_module_name}")
}
