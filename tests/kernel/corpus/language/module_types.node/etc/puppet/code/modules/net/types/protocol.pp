type Net::Protocol = Enum['tcp', 'udp']
