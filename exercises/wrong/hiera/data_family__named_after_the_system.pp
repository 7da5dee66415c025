# The file is called as the operating system, and the level goes by the family.
# --- cell: hiera_family
%%hiera os/Rocky.yaml
access::port: 2222
