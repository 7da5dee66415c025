file:
  path: /tmp/x
  ensure: present
