# The text is in the file, and the line break is not.
# --- cell: roles_label
%%file modules/shelves/manifests/label.pp
# @summary A label on a shelf.
#
# @param text
#   What the label says.
# @param mode
#   Who may read it.
define shelves::label (
  String[1] $text,
  String[1] $mode = '0644',
) {
  include shelves

  file { "/srv/shelves/${title}.label":
    ensure  => file,
    mode    => $mode,
    content => $text,
  }
}
