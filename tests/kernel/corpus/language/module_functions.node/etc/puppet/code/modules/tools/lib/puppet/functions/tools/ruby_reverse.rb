Puppet::Functions.create_function(:'tools::ruby_reverse') do
  dispatch :reverse do
    param 'String', :text
    return_type 'String'
  end

  def reverse(text)
    text.reverse
  end
end
