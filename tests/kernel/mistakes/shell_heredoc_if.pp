if [ -f /etc/motd ]; then
  echo hello
fi
