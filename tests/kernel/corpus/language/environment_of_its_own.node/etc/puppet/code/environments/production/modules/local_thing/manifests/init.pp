class local_thing {
  notice("environment ${environment}, ${settings::environment}")
}
