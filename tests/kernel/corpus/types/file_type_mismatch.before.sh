mkdir /tmp/is_folder
touch /tmp/is_folder/inside
echo text > /tmp/is_file
