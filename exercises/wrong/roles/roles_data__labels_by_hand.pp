# The labels stand in the code, so data cannot set others.
# --- cell: roles_profile_shelves
%%file modules/profile/manifests/shelves.pp
# @summary The shelves of this house, with the labels that all of them have.
#
# @param labels
#   The text of each label, by its name.
class profile::shelves (
  Hash[String[1], String[1]] $labels = {
    'pens'  => 'Pens',
    'paper' => 'Paper',
  },
) {
  include shelves

  shelves::label { 'pens':
    text => 'Pens',
  }

  shelves::label { 'paper':
    text => 'Paper',
  }
}
