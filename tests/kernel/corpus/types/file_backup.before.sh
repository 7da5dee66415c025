echo old > /tmp/to_bucket
echo old > /tmp/beside
echo old > /tmp/unkept
