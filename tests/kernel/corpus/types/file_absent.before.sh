echo text > /tmp/file
mkdir /tmp/full
touch /tmp/full/inside
ln -s /etc/hostname /tmp/pointer
