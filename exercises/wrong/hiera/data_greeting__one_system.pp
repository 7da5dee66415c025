# The greeting is right on Debian only.
# --- cell: hiera_common
%%hiera common
lookup_options:
  access::admins:
    merge: unique
access::port: 22
access::admins:
  - ada
  - grace
access::greeting: This Debian machine belongs to the camp.
