echo text > /tmp/origin
chmod 0751 /tmp/origin
