echo old > /tmp/password
