module Puppet::Parser::Functions
  newfunction(:old_style, type: :rvalue, doc: 'An old kind of function.') do |arguments|
    arguments.join('+')
  end
end
