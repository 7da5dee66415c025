$users = ['ada', 'bob']
notice(inline_epp('<% $users.each |$u| { -%>user <%= $u %>;<% } -%>', { 'users' => $users }))
notice(inline_template('<%= @users.map(&:upcase).join(",") %> <%= scope["users"].size %>'))
notice(inline_epp(@(END)))
  <%- $local = 5 -%>
  <%= $local + 1 %>
  | END
