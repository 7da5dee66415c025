# The level of the node wins, so its list is the only one.
# --- cell: hiera_common
%%hiera common
access::port: 22
access::admins:
  - ada
  - grace
access::greeting: "This %{facts.os.name} machine belongs to the camp."
