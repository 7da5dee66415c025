# With sudo the file belongs to root, unless the command says otherwise.
# --- cell: marker_command
%%sh
sudo puppet resource file /srv/marker.txt ensure=file content='I was here' mode=0600
sudo puppet resource file /srv/camp ensure=directory
