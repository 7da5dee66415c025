# The rooms come in another order than that of the hash.
# --- cell: templates_rooms
%%file modules/guide/templates/rooms.epp
<%- | Hash $rooms | -%>
Rooms of the camp: <%= $rooms.length %>
<% $rooms.keys.sort.each |$name| { -%>
<% $room = $rooms[$name] -%>
<%= $name %>: <%= $room['seats'] %> seats<% if $room['screen'] { %>, with a screen<% } %>
<% } -%>
