mkdir -p /tmp/original/deep /tmp/original/skipped /tmp/copy
touch /tmp/original/a /tmp/original/b.bak /tmp/original/deep/c /tmp/original/skipped/d /tmp/copy/own
