# frozen_string_literal: true

require 'etc'
require 'fileutils'
require 'json'
require 'open3'
require 'securerandom'
require_relative '../run/account'
require_relative '../emitter'

module WarmPuppet
  # Writes one text file in a single step, or not at all: as a user, or as root where
  # that user may not and the worker is root. Runs in a child only.
  class FileWriter
    SIZE_LIMIT = 1_048_576 # bytes; of a larger file no difference is shown
    MODE = 0o644
    DENIED = [Errno::EACCES, Errno::EPERM].freeze
    WORDS = {
      Errno::ENOSPC => 'the disk is full', Errno::EDQUOT => "the disk's quota is used up",
      Errno::EROFS => 'the file system is read-only', Errno::ENOTDIR => 'a part of its path is no folder',
      Errno::ENAMETOOLONG => 'its name is too long', Errno::ELOOP => 'its symbolic links lead in a circle',
      Errno::EACCES => 'permission denied', Errno::EPERM => 'permission denied'
    }.freeze

    KINDS = { 'fifo' => 'a pipe', 'characterSpecial' => 'a device', 'blockSpecial' => 'a device', 'socket' => 'a socket' }.freeze

    # Says why nothing was written.
    class Refused < StandardError; end

    # mode: permissions to give the file; nil keeps those it has.
    def initialize(path, body, mode: nil)
      @path = path
      @body = body.b
      @mode = mode
    end

    # Returns what was done, as JSON has it. Raises Refused.
    def write(account)
      act(account) { put }
    end

    # Returns the file as it is: "text" is nil if there is none. Raises Refused.
    def look(account)
      act(account) { { 'text' => present(target) } }
    end

    private

    def act(account, &work)
      told = by(account) { attempt(&work) }
      if told['denied'] && Process.uid.zero? && !account.uid.zero?
        told = attempt(&work)
        told['instead_of'] = account.name
      end
      raise Refused, told['refused'] if told['refused']

      told
    end

    # Runs the block as the user and returns its result.
    def by(account, &work)
      return work.call if account.uid == Process.uid

      reader, writer = IO.pipe(binmode: true)
      pid = fork do
        reader.close
        Account.become(account)
        writer.write(JSON.generate(work.call))
        writer.close
        exit!(0)
      rescue StandardError => e
        warn("#{e.class}: #{e.message}")
        exit!(1)
      end
      writer.close
      text = reader.read
      reader.close
      Process.wait(pid)
      text.empty? ? { 'refused' => "nothing could be done as #{account.name}" } : JSON.parse(text)
    end

    def attempt
      yield
    rescue Refused => e
      { 'refused' => e.message }
    rescue SystemCallError => e
      why = WORDS[e.class] || e.message[/\A[^@]+/].strip
      { 'refused' => "#{@path} cannot be written: #{why}", 'denied' => DENIED.include?(e.class) }
    end

    def put
      file = target
      old = present(file)
      stat = old && File.stat(file)
      return about(file, 'unchanged') if old == @body && (@mode.nil? || @mode == stat.mode & 0o7777)

      made = make_folder(File.dirname(file))
      diff = old && old != @body ? difference(file) : ''
      store(file, stat)
      about(file, old ? 'changed' : 'created').merge('diff' => diff, 'made' => made)
    end

    # Returns the file behind symbolic links. Refuses what is no regular file: to open
    # a pipe or a device could take forever, or do something.
    def target
      raise Refused, "#{@path} names a folder, not a file" if @path.end_with?('/')

      link = File.lstat(@path).symlink?
      file = link ? File.realpath(@path) : @path
      stat = File.stat(file)
      raise Refused, "#{@path} is a folder; name a file in it" if stat.directory?
      raise Refused, "#{@path} is no regular file but #{KINDS.fetch(stat.ftype, stat.ftype)}" unless stat.file?

      file
    rescue Errno::ENOENT
      raise Refused, "#{@path} is a symbolic link to #{File.readlink(@path)}, which is not there" if link

      @path
    end

    # Returns the bytes that are there, or nil.
    def present(file)
      File.open(file, File::RDONLY | File::NONBLOCK) do |open|
        raise Refused, "#{@path} is too large to be replaced by a cell" if open.size > SIZE_LIMIT * 8

        open.binmode.read
      end
    rescue Errno::ENOENT
      nil
    end

    def make_folder(folder)
      missing = []
      until File.exist?(folder)
        missing.unshift(folder)
        folder = File.dirname(folder)
      end
      missing.each { |one| Dir.mkdir(one, 0o755) }
      missing
    end

    def difference(file)
      return '' if [File.size(file), @body.bytesize].max > SIZE_LIMIT

      told, = Open3.capture2('diff', '-u', '--label', "#{@path} (before)", '--label', "#{@path} (after)", '--', file, '-',
                             stdin_data: @body, binmode: true)
      Emitter.text(told, Emitter::DIFF_LIMIT)
    rescue Errno::ENOENT
      '' # a machine without diff
    end

    # A new file takes the old one's place, so that nobody ever reads half of one. In
    # place where that cannot be: a file that is a mount, or somebody else's.
    def store(file, stat)
      raise Errno::EACCES, file if stat && !File.writable?(file)
      return overwrite(file) if stat && stat.uid != Process.euid && !Process.euid.zero?

      replace(file, stat)
    rescue Errno::EBUSY, Errno::EACCES, Errno::EPERM, Errno::EXDEV
      raise unless stat && File.writable?(file)

      overwrite(file)
    end

    def replace(file, stat)
      draft = File.join(File.dirname(file), ".puppet-kernel-#{SecureRandom.hex(8)}")
      File.open(draft, File::WRONLY | File::CREAT | File::EXCL | File::NOFOLLOW, 0o600) do |open|
        fill(open)
        open.chown(stat.uid, stat.gid) if stat && Process.euid.zero?
        open.chmod(@mode || (stat ? stat.mode & 0o7777 : MODE))
      end
      File.rename(draft, file)
      File.open(File.dirname(file), &:fsync)
    ensure
      FileUtils.rm_f(draft)
    end

    def overwrite(file)
      File.open(file, File::WRONLY | File::TRUNC) do |open|
        fill(open)
        open.chmod(@mode) if @mode
      end
    end

    def fill(open)
      open.binmode.write(@body)
      open.fsync
    end

    def about(file, state)
      stat = File.stat(file)
      { 'state' => state, 'diff' => '', 'made' => [], 'size' => stat.size, 'link' => file == @path ? nil : file,
        'mode' => format('%04o', stat.mode & 0o7777), 'owner' => name(:getpwuid, stat.uid), 'group' => name(:getgrgid, stat.gid) }
    end

    def name(question, id)
      Etc.public_send(question, id)&.name || id.to_s
    rescue ArgumentError
      id.to_s
    end
  end
end
