# The role reaches past its profile, into the module.
# --- cell: roles_role_workshop
%%file modules/role/manifests/workshop.pp
# @summary The bench in the workshop.
class role::workshop {
  include shelves
  include profile::shelves
  include profile::tools
}
