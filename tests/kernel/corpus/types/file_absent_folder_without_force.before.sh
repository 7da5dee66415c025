mkdir /tmp/full
touch /tmp/full/inside
