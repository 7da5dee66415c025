touch /tmp/names
