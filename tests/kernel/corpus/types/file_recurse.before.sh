mkdir -p /tmp/tree/deep/deeper
touch /tmp/tree/one /tmp/tree/deep/two /tmp/tree/deep/deeper/three
