# The value of one family stands where all machines find it.
# --- cell: hiera_common
%%hiera common
lookup_options:
  access::admins:
    merge: unique
access::port: 2222
access::admins:
  - ada
  - grace
access::greeting: "This %{facts.os.name} machine belongs to the camp."
