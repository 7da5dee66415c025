echo old > /tmp/old
