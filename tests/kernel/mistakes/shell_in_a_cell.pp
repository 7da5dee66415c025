ls -l /tmp
