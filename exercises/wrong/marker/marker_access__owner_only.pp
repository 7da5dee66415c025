# The mode is never mentioned, so others may read; only the hidden part of the check sees it.
# --- cell: marker_command
%%sh
sudo puppet resource file /srv/marker.txt ensure=file content='I was here' owner=attendee
sudo puppet resource file /srv/camp ensure=directory
