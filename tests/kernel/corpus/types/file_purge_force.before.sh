mkdir -p /tmp/conf.d/folder
touch /tmp/conf.d/stray.conf /tmp/conf.d/folder/inner
