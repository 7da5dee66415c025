define net::listener(Net::Protocol $protocol, Integer $port = 80) {
  notice("${title} ${protocol} ${port}")
}
