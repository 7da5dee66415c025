# frozen_string_literal: true

# Which limits of the container have stopped something, as the system counts it.
module UsedUp
  # The second of each: where there is one hierarchy of groups.
  PROCESSES = %w[/sys/fs/cgroup/pids/pids.events /sys/fs/cgroup/pids.events].freeze
  MEMORY = %w[/sys/fs/cgroup/memory/memory.oom_control /sys/fs/cgroup/memory.events].freeze

  module_function

  # Returns how often a process could not be started, and how many were ended because
  # memory had run out.
  def now
    { processes: count(PROCESSES, 'max'), memory: count(MEMORY, 'oom_kill') }
  end

  def count(paths, name)
    paths.each do |path|
      return File.read(path)[/^#{name} (\d+)$/, 1].to_i
    rescue SystemCallError
      next
    end
    0
  end
end
