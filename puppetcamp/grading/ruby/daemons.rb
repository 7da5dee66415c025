# frozen_string_literal: true

# Tells daemons, which a check may have to talk to or to stop, from what else cells have
# left running. A daemon is the program of a package that does one thing: a program that
# does whatever a file says may be a spy that hears what a check asks.
class Daemons
  MAX_PID_FILES = 500

  # programs: paths of what the camp's packages bring.
  def initialize(programs)
    @programs = programs
  end

  def include?(pid)
    @programs.include?(File.readlink("/proc/#{pid}/exe"))
  rescue Errno::EACCES
    part?(pid)
  rescue SystemCallError
    false
  end

  # Yields the files in which daemons tell their numbers, with what they tell.
  def self.pid_files
    Dir.glob(%w[/run/*.pid /run/*/*.pid]).first(MAX_PID_FILES).each do |path|
      next unless File.lstat(path).file?

      number = File.open(path, File::RDONLY | File::NONBLOCK) { |file| file.read(20) }.to_i
      yield(path, number) if number.positive?
    rescue SystemCallError
      next
    end
  end

  private

  # Whether a process of somebody else's, whose program nobody else may see, is a part of
  # a daemon: it was forked by it, and has started no other program since.
  def part?(pid)
    parent = File.read("/proc/#{pid}/stat")[/\) \S (\d+)[^)]*\z/, 1]
    program = File.readlink("/proc/#{parent}/exe")
    @programs.include?(program) && File.read("/proc/#{pid}/comm").strip == File.basename(program)[0, 15]
  rescue SystemCallError
    false
  end
end
