# frozen_string_literal: true

require 'digest/md5'

# Looks for what has changed on the node since it was fresh: no program is run for it,
# and no file is believed for its dates, but for the one that nobody can set (ctime).
# What is reported once is reported again only when it has changed again.
class Look
  MAX_ENTRIES = 60_000
  MAX_BYTES = 256 << 20
  STATUS = '/var/lib/dpkg/status'
  STATUS_BYTES = 16 << 20
  CACHE = '/etc/ld.so.cache'

  def initialize(began)
    @began = began
    @told = {}
  end

  # request: "roots" (folders to walk), "skip" (folders that are left out), "files".
  # Returns now: seconds; changed: [path, kind, ctime, detail] with kind file (detail:
  # MD5), link (its target), folder (its names), other or gone; overflow: whether there
  # was too much to look at; packages: what dpkg calls installed, nil if unchanged;
  # daemons: [pid file, program]; used_up: what the limits have stopped.
  def at(request)
    @skip = list(request['skip'])
    @entries = 0
    @bytes = 0
    @changed = []
    list(request['roots']).each { |root| walk(root) }
    list(request['files']).each { |path| entry(path) }
    { now: Time.now.to_f, changed: @changed, overflow: overflow?, packages: packages,
      libraries: libraries, accounts: accounts, daemons: daemons, used_up: UsedUp.now }
  end

  private

  def list(value)
    value.is_a?(Array) ? value.grep(String) : []
  end

  def overflow?
    @entries > MAX_ENTRIES || @bytes > MAX_BYTES
  end

  def walk(folder)
    return if @skip.include?(folder) || overflow?
    return unless entry(folder)&.directory?

    Dir.each_child(folder) do |name|
      path = "#{folder}/#{name}"
      stat = File.lstat(path)
      @entries += 1
      stat.directory? ? walk(path) : note(path, stat)
    rescue Errno::ENOENT
      next
    end
  rescue SystemCallError
    nil
  end

  def entry(path)
    File.lstat(path).tap { |stat| note(path, stat) }
  rescue Errno::ENOENT
    tell(path, 'gone', 0, nil)
    nil
  end

  def note(path, stat)
    return if (ctime = stat.ctime) < @began

    tell(path, kind(stat), ctime.to_f, nil) { detail(path, stat) }
  end

  def tell(path, kind, ctime, detail)
    return if @told[path] == [kind, ctime] || overflow?

    @told[path] = [kind, ctime]
    detail = yield if block_given?
    @changed << [path.scrub, kind, ctime, detail]
  end

  def kind(stat)
    { 'file' => 'file', 'link' => 'link', 'directory' => 'folder' }.fetch(stat.ftype, 'other')
  end

  def detail(path, stat)
    return File.readlink(path).scrub if stat.symlink?
    return Dir.children(path).first(MAX_ENTRIES).map(&:scrub) if stat.directory?

    digest(path, stat) if stat.file?
  rescue SystemCallError
    nil
  end

  def digest(path, stat)
    @bytes += stat.size
    return if overflow?

    # Without waiting for anybody: it may have become a pipe in between.
    File.open(path, File::RDONLY | File::NONBLOCK | File::NOFOLLOW) do |file|
      sum = Digest::MD5.new
      left = stat.size
      while left.positive? && (bytes = file.read([left, 1 << 20].min))
        sum << bytes
        left -= bytes.bytesize
      end
      plain(path, stat, file) || sum.hexdigest
    end
  end

  # What init scripts read in may only set variables; then it says so instead of a sum.
  def plain(path, stat, file)
    return unless SOURCED.match?(path) && stat.size < (1 << 16)

    file.rewind
    'plain' if file.read.scrub.lines.all? { |line| ASSIGNMENT.match?(line) }
  end

  SOURCED = %r{\A/etc/(default/|apache2/envvars\z)}
  ASSIGNMENT = /\A\s*(?:\#.*|(?:export\s+)?\w+=(?:"[^"`$\\]*"|'[^']*'|[\w.,:\/@%+=-]*)\s*(?:\#.*)?)?\n?\z/

  # Packages that are installed, with their versions; nil unless dpkg's list is another.
  def packages
    stat = File.lstat(STATUS)
    return if stat.ctime < @began || @status == stat.ctime

    @status = stat.ctime
    return {} if !stat.file? || stat.size > STATUS_BYTES

    File.read(STATUS).scrub.split(/\n\n+/).each_with_object({}) do |stanza, found|
      next unless stanza[/^Status: (.*)/, 1].to_s.end_with?(' installed')

      found[stanza[/^Package: (.*)/, 1].to_s] = stanza[/^Version: (.*)/, 1].to_s
    end
  rescue SystemCallError
    {}
  end

  # The loader's list names files of the system's own folders, or it is not ldconfig's.
  def libraries
    return [] if File.lstat(CACHE).ctime < @began

    File.binread(CACHE, 1 << 20).scan(%r{/[[:graph:]]+}n)
        .grep_v(%r{\A/(?:usr/)?lib(?:32|64|x32)?/[^/]*(?:/[^/]+)*\z}n).grep_v(/\.\./).first(5).map(&:scrub)
  rescue SystemCallError
    []
  end

  # Numbers that several accounts have in common, each with their names.
  def accounts
    stat = File.lstat('/etc/passwd')
    return [] if stat.ctime < @began || !stat.file? || stat.size > STATUS_BYTES

    File.read('/etc/passwd').scrub.lines.map { |line| line.split(':') }.select { |columns| columns.size > 2 }
        .group_by { |columns| columns[2].to_i }.transform_values { |rows| rows.map(&:first) }
        .select { |_, names| names.size > 1 }.first(10)
  rescue SystemCallError
    []
  end

  def daemons
    found = []
    Daemons.pid_files do |path, pid|
      found << [path, File.readlink("/proc/#{pid}/exe")]
    rescue SystemCallError
      next # nothing runs under that number, and everybody can see it
    end
    found
  end
end
