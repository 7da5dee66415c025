mkdir -p /tmp/cache/deep /tmp/big/empty
touch -d '30 days ago' /tmp/cache/old.tmp /tmp/cache/old.txt /tmp/cache/deep/old.tmp
touch /tmp/cache/new.tmp
head -c 5000 /dev/zero > /tmp/big/large
touch /tmp/big/small
