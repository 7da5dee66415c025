# In single quotes \n is a backslash and an n, not a line break.
# --- cell: marker_manifest
file { '/srv/note.txt':
  ensure  => file,
  content => 'This node is mine.\n',
}
