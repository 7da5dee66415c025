notice(inline_epp("line one\n<% if { %>\n"))
