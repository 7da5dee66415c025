printf 'Welcome\nold\n' > /etc/motd
printf 'mine' > /tmp/kept
