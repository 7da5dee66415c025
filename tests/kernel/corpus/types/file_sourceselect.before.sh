mkdir /tmp/first /tmp/second
echo 1 > /tmp/first/a
echo 2 > /tmp/second/a
echo 2 > /tmp/second/b
