touch /tmp/there /tmp/octal
chmod 0600 /tmp/there /tmp/octal
mkdir /tmp/sticky
