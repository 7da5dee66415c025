function tools::shout(String $text) >> String {
  "${text.upcase}!"
}
