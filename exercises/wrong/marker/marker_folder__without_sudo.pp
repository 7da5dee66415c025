# In /srv only root may make something.
# --- cell: marker_command
%%sh
sudo puppet resource file /srv/marker.txt ensure=file content='I was here' owner=attendee mode=0600
puppet resource file /srv/camp ensure=directory
