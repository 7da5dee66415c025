echo one > /tmp/target_one
echo two > /tmp/target_two
ln -s /tmp/target_one /tmp/followed
ln -s /tmp/target_two /tmp/managed
