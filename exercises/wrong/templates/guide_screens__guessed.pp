# Large rooms have a screen here; nobody said that they do elsewhere.
# --- cell: templates_rooms
%%file modules/guide/templates/rooms.epp
<%- | Hash $rooms | -%>
Rooms of the camp: <%= $rooms.length %>
<% $rooms.each |$name, $room| { -%>
<%= $name %>: <%= $room['seats'] %> seats<% if $room['seats'] > 10 { %>, with a screen<% } %>
<% } -%>
