# Marks without a dash leave blank lines behind.
# --- cell: templates_rooms
%%file modules/guide/templates/rooms.epp
<%- | Hash $rooms | -%>
Rooms of the camp: <%= $rooms.length %>
<% $rooms.each |$name, $room| { %>
<%= $name %>: <%= $room['seats'] %> seats<% if $room['screen'] { %>, with a screen<% } %>
<% } %>
