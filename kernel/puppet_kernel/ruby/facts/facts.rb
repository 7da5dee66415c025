# frozen_string_literal: true

require 'json'
require_relative 'fact_messages'
require_relative '../run/configuration'
require_relative '../process_tree'
require_relative 'watched'

module WarmPuppet
  # The node's facts, gathered in a child, kept as data until something may have
  # changed them. Custom facts are attendee code: only JSON comes back from them.
  class Facts
    TIME_LIMIT = 30 # seconds; a fact may hang
    # Seconds until they are gathered anew whatever happened: nothing tells of the
    # memory that is left and of the load.
    AGE_LIMIT = 300

    # Part of Puppet's way to Facter in a child: what has been gathered is not resolved
    # again for a default certname or for what a provider is confined to. Each of these
    # questions takes Facter as long as compiling a cell takes Puppet.
    module Known
      attr_writer :known

      def value(name)
        name = name.to_s
        first, *rest = name.split('.')
        return @known[name] if @known.key?(name)
        return super unless @known.key?(first)

        rest.reduce(@known[first]) { |value, key| value.is_a?(Hash) ? value[key] : nil }
      end
    end

    # told: what was logged while they were gathered, see FactMessages.
    attr_reader :pipe, :told

    def initialize(builtin_only:)
      @builtin_only = builtin_only
      @watched = Watched.new(builtin_only ? nil : [])
      @found = nil
      @told = nil
      @stale = true
      @pid = nil
      @pipe = nil
    end

    def gathering?
      !@pid.nil?
    end

    # Has them gathered anew before the next manifest.
    def expire
      @stale = true
    end

    # Waits until they are gathered; tells whether there are any.
    def await
      while gathering?
        IO.select([@pipe], nil, nil, 1)
        overdue? ? abandon : read
      end
      !@found.nil?
    end

    # Keeps what there is for good.
    def settle
      @settled = true
    end

    # Whether facts must be gathered before the next manifest runs.
    def stale?
      return false if @settled

      @stale || elapsed > AGE_LIMIT || @watched.changed?
    end

    # Puppet's own object, for a child that has read its settings; nil if gathering
    # never worked.
    def to_puppet
      return unless @found

      Puppet.runtime[:facter].extend(Known).known = @found
      Puppet::Node::Facts.new(Puppet[:certname], @found.dup)
    end

    # Starts gathering. The block runs in the child first.
    def gather
      return if gathering? || @settled

      @started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      @stale = false
      @buffer = +''.b
      @pipe, writer = IO.pipe(binmode: true)
      @pid = fork do
        yield
        @pipe.close
        Process.setsid
        writer.write(JSON.generate(find))
        exit!(0)
      rescue StandardError, SystemExit, SystemStackError, ScriptError => e
        warn("facts: #{e.class}: #{e.message}")
        exit!(1)
      end
      writer.close
    rescue SystemCallError => e
      warn("facts: #{e.message}") # the cell that needs them cannot start, either, and says so
      [@pipe, writer].compact.each(&:close)
      @pid = @pipe = nil
    end

    # Takes what the child has written. Returns an event when it has finished.
    def read
      loop { @buffer << @pipe.read_nonblock(1 << 16) }
    rescue IO::WaitReadable
      nil
    rescue EOFError
      finish
    end

    def overdue?
      gathering? && elapsed > TIME_LIMIT
    end

    # Gives up on gathering; the facts known so far stay in use.
    def abandon
      ProcessTree.kill(@pid)
      @buffer.clear
      finish
    end

    private

    def finish
      @pipe.close
      Process.wait(@pid)
      @pid = @pipe = nil
      found = JSON.parse(@buffer)
      @watched.resume(found.delete('watched'))
      @found, @told = found.values_at('values', 'told')
      { ev: 'facts', count: @found.size, seconds: elapsed.round(3) }
    rescue JSON::ParserError
      @watched.resume(nil)
      { ev: 'facts', count: nil, seconds: elapsed.round(3),
        message: 'facts could not be gathered; older ones stay in use' }
    end

    # Runs in the child.
    def find
      GC.disable
      Configuration.read
      return { values: builtin } if @builtin_only

      environment = Puppet.lookup(:environments).get(Puppet[:environment]) ||
                    Puppet::Node::Environment.create(:production, [])
      told = FactMessages.listen
      # Looked at before the facts are: a change in between is noticed later.
      watched = Watched.now(Watched.patterns(environment))
      found = Puppet::Node::Facts.indirection.find(Puppet[:certname], environment: environment)
      { values: found.values, watched: watched, told: told }
    end

    # Facter's own facts, without anything that lies about on the machine.
    def builtin
      Facter::OptionStore.no_external_facts = true
      Facter::OptionStore.no_custom_facts = true
      facts = Puppet::Node::Facts.new(Puppet[:certname], Facter.to_hash)
      facts.add_local_facts
      facts.sanitize
      facts.values
    end

    def elapsed
      Process.clock_gettime(Process::CLOCK_MONOTONIC) - @started
    end
  end
end
