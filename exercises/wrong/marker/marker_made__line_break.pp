# echo ends its line, so a line break stands behind the text.
# --- cell: marker_command
%%sh
sudo puppet resource file /srv/marker.txt ensure=file owner=attendee mode=0600
echo 'I was here' | sudo tee /srv/marker.txt
sudo puppet resource file /srv/camp ensure=directory
