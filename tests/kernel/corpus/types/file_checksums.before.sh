touch -d 2020-01-01 /tmp/origin
