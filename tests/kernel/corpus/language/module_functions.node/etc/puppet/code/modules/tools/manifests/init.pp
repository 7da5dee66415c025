class tools {
  notice("in ${module_name}, ${title}")
}
