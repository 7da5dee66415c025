# The common names are copied to the node, so each stands in two places.
# --- cell: hiera_common
%%hiera common
access::port: 22
access::admins:
  - ada
  - grace
access::greeting: "This %{facts.os.name} machine belongs to the camp."
# --- cell: hiera_node
%%hiera nodes/web1.example.com.yaml
access::admins:
  - linus
  - ada
  - grace
