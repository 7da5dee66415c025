# A command makes the file once; no manifest says how it should be.
# --- cell: marker_manifest
%%sh
echo 'This node is mine.' | sudo tee /srv/note.txt
