Puppet::Type.type(:remembered).provide(:file) do
  def path
    "/tmp/remembered_#{resource[:name]}"
  end

  def exists?
    File.exist?(path)
  end

  def create
    raise Puppet::Error, 'that is forbidden' if resource[:value] == 'FORBIDDEN'

    File.write(path, resource[:value])
  end

  def destroy
    File.delete(path)
  end

  def value
    File.read(path)
  end

  def value=(text)
    File.write(path, text)
  end
end
