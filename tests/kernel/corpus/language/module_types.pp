notice('tcp' =~ Net::Protocol, 'icmp' =~ Net::Protocol)
net::listener { 'web':
  protocol => 'tcp',
}
