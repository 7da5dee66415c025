# A text as the name of a node stands for this one name, not for what begins with it.
# --- cell: roles_nodes
node 'workshop' {
  include role::workshop
}

node default {
  include role::desk
}
