notice(inline_epp('<%- | $name | -%><%= $name %>', {}))
