# frozen_string_literal: true

require 'json'

module WarmPuppet
  # The node's facts, gathered in a child, kept as data until something may have
  # changed them. Custom facts are attendee code: only JSON comes back from them.
  class Facts
    TIME_LIMIT = 30 # seconds; a fact may hang
    EXTERNAL = %w[/etc/facter/facts.d /etc/puppetlabs/facter/facts.d /opt/puppetlabs/facter/facts.d].freeze

    attr_reader :pipe

    def initialize(builtin_only:)
      @builtin_only = builtin_only
      @values = nil
      @stale = true
      @pid = nil
      @pipe = nil
      @sources = nil
    end

    def gathering?
      !@pid.nil?
    end

    # Has them gathered anew before the next manifest.
    def expire
      @stale = true
    end

    # Whether facts must be gathered before the next manifest runs.
    def stale?
      @stale || sources != @sources
    end

    # Puppet's own object, for a child; nil if gathering never worked.
    def to_puppet
      @values && Puppet::Node::Facts.new(Puppet[:certname], @values.dup)
    end

    # Starts gathering. The block runs in the child first.
    def gather
      return if gathering?

      @started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      @sources = sources
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
      @values = JSON.parse(@buffer)
      { ev: 'facts', count: @values.size, seconds: elapsed.round(3) }
    rescue JSON::ParserError
      { ev: 'facts', count: nil, seconds: elapsed.round(3),
        message: 'facts could not be gathered; older ones stay in use' }
    end

    def find
      Puppet.settings.send(:parse_config_files)
      return builtin if @builtin_only

      environment = Puppet.lookup(:environments).get(Puppet[:environment]) ||
                    Puppet::Node::Environment.create(:production, [])
      Puppet::Node::Facts.indirection.find(Puppet[:certname], environment: environment).values
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

    # What custom and external facts come from, with the time of each one's last change.
    def sources
      return nil if @builtin_only

      patterns = EXTERNAL.map { |folder| "#{folder}/*" }
      folders = Puppet[:basemodulepath].split(File::PATH_SEPARATOR)
      folders << "#{Puppet[:environmentpath]}/*/modules"
      folders.each do |modules|
        patterns.push("#{modules}/*/lib/facter/**/*.rb", "#{modules}/*/facts.d/*")
      end
      Dir.glob(patterns).map { |path| [path, mtime(path)] }
    end

    def mtime(path)
      File.mtime(path)
    rescue SystemCallError
      nil
    end

    def elapsed
      Process.clock_gettime(Process::CLOCK_MONOTONIC) - @started
    end
  end
end
