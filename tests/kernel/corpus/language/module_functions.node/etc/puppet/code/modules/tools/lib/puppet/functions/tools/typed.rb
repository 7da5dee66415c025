Puppet::Functions.create_function(:'tools::typed') do
  dispatch :number do
    param 'Integer', :n
  end
  dispatch :text do
    param 'String', :t
  end

  def number(number)
    "number #{number}"
  end

  def text(text)
    "text #{text}"
  end
end
