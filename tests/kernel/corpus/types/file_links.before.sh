ln -s /etc/shells /tmp/moved_link
echo text > /tmp/was_file
mkdir /tmp/was_folder
