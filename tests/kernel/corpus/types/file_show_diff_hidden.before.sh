echo 'old secret' > /tmp/secret
printf 'line one\nline two\n' > /tmp/public
