# Both roles have everything, so one of them is not needed.
# --- cell: roles_role_desk
%%file modules/role/manifests/desk.pp
# @summary A desk in the office.
class role::desk {
  include profile::shelves
  include profile::tools
}
