# frozen_string_literal: true

module WarmPuppet
  # Finds and ends a process together with everything that descends from it.
  # Commands of exec resources have a session of their own, so a signal to the
  # process group would miss them.
  module ProcessTree
    MAX_ROUNDS = 20

    module_function

    # Returns root and the ids of all its descendants.
    def members(root)
      children = Hash.new { |hash, key| hash[key] = [] }
      Dir.glob('/proc/[0-9]*/stat') do |path|
        stat = File.read(path)
        # The command's name, in parentheses, may hold anything: read after the last ")".
        children[stat[/\) \S (\d+)[^)]*\z/, 1].to_i] << stat.to_i
      rescue SystemCallError
        next # it has gone
      end
      found = []
      waiting = [root]
      while (pid = waiting.pop)
        found << pid
        waiting.concat(children[pid])
      end
      found
    end

    # Stops every member first, until no new one appears, so that none can fork away.
    def kill(root, spare: [])
      stopped = spare.dup
      MAX_ROUNDS.times do
        fresh = members(root) - stopped
        break if fresh.empty?

        fresh.each { |pid| signal('STOP', pid) }
        stopped.concat(fresh)
      end
      (stopped - spare).each { |pid| signal('KILL', pid) }
    end

    def signal(name, pid)
      Process.kill(name, pid)
    rescue Errno::ESRCH, Errno::EPERM
      nil
    end
  end
end
