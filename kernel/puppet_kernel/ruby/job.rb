# frozen_string_literal: true

require 'json'
require 'securerandom'
require_relative 'departure'
require_relative 'emitter'
require_relative 'process_tree'

module WarmPuppet
  # One request in one forked child: its two pipes, its interruption, its end.
  class Job
    OUTPUT_LIMIT = 262_144 # bytes of one request's output; the rest is counted
    READ_SIZE = 1 << 16
    # What a child may say. The end of a job is never for the child to tell.
    EVENTS = %w[log diff progress resource report refused problem dropped syntax answer catalog].freeze

    attr_reader :request, :pid, :interrupted

    # The block runs in the child, with an Emitter, and returns the exit status.
    # tether: reading end of a pipe that only the parent can write to; at its end
    # the parent is gone, and the child must not go on without it.
    def initialize(request, tether:, &work)
      @request = request
      @sign = SecureRandom.hex(16)
      @started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      @events, events = IO.pipe(binmode: true)
      @output, output = IO.pipe(binmode: true)
      @partial = +''.b
      @written = 0
      @pid = fork { child(work, tether, events, output) }
      events.close
      output.close
    end

    def pipes
      [@events, @output].reject(&:closed?)
    end

    # First: lets the current resource end. Again: ends the process tree.
    def interrupt
      if @interrupted
        @interrupted = 'kill'
        ProcessTree.kill(@pid)
      else
        @interrupted = 'stop'
        ProcessTree.signal('TERM', @pid)
      end
    end

    def kill
      ProcessTree.kill(@pid)
    end

    # Yields the events that have arrived.
    def pump(&block)
      drain(@events) { |bytes| @partial << bytes }
      while (index = @partial.index("\n"))
        event = parse(@partial.slice!(0..index))
        block.call(event) if event
      end
      drain(@output) { |bytes| output(bytes, &block) }
    end

    # Returns the final event once the child has exited, else nil. Waits for the
    # exit, not for the end of the output: a daemon that was started keeps it open.
    def finish(&block)
      return nil unless Process.wait(@pid, Process::WNOHANG)

      status = $?
      pump(&block)
      @events.close
      seconds = Process.clock_gettime(Process::CLOCK_MONOTONIC) - @started
      block.call(ev: 'truncated', bytes: @written - OUTPUT_LIMIT) if @written > OUTPUT_LIMIT
      { ev: 'done', status: status.exitstatus, signal: status.termsig,
        interrupted: @interrupted, seconds: seconds.round(4) }
    end

    # What daemons print later goes nowhere, but they must be able to print it.
    def leftover_output
      @output unless @output.closed? || ended?(@output)
    end

    private

    def child(work, tether, events, output)
      @events.close
      @output.close
      Process.setsid
      trap('INT', 'DEFAULT') # what is ignored stays ignored in every command started
      trap('TERM') { Puppet::Application.stop! }
      $stdout.reopen(output)
      $stderr.reopen(output)
      $stdout.sync = $stderr.sync = true
      watch(tether)
      postpone_garbage_collection
      emitter = Emitter.new(events, @sign)
      Departure.depart(guarded(emitter, work))
    end

    def guarded(emitter, work)
      status = begin
        work.call(emitter)
      rescue SystemExit => e
        e.status
      rescue NoMemoryError, SystemStackError, ScriptError, StandardError => e
        emitter.emit(ev: 'log', level: 'crit', source: 'Puppet',
                     message: Emitter.text("#{e.class}: #{e.message}"),
                     trace: (e.backtrace || []).first(40).map { |line| Emitter.text(line, 200) })
        70
      end
      emitter.finish
      status.is_a?(Integer) ? status : 0
    end

    def watch(tether)
      Thread.new do
        tether.read
        ProcessTree.kill(Process.pid, spare: [Process.pid])
        exit!(75)
      end
    end

    # A short run is over before a collection pays; a long one must not eat the machine.
    def postpone_garbage_collection
      GC.disable
      Thread.new do
        sleep(0.5)
        GC.enable
      end
    end

    def drain(pipe)
      return if pipe.closed?

      loop { yield pipe.read_nonblock(READ_SIZE) }
    rescue IO::WaitReadable, EOFError
      nil
    end

    def ended?(pipe)
      loop { pipe.read_nonblock(READ_SIZE) }
    rescue IO::WaitReadable
      false
    rescue EOFError
      pipe.close
      true
    end

    def output(bytes)
      room = OUTPUT_LIMIT - @written
      @written += bytes.bytesize
      return if room <= 0

      yield(ev: 'out', text: decode(bytes.byteslice(0, room)))
    end

    # A multi-byte character may be cut by the pipe: its beginning waits for the rest.
    def decode(bytes)
      text = (@cut || +''.b) + bytes
      tail = text[/[\xC2-\xF4][\x80-\xBF]{0,2}\z/n].to_s
      tail = '' if tail.dup.force_encoding(Encoding::UTF_8).valid_encoding?
      @cut = tail.empty? ? nil : tail.b
      text.byteslice(0, text.bytesize - tail.bytesize).force_encoding(Encoding::UTF_8).scrub
    end

    def parse(line)
      return unless line.delete_prefix!(@sign)

      event = JSON.parse(line.force_encoding(Encoding::UTF_8).scrub)
      event if event.is_a?(Hash) && EVENTS.include?(event['ev'])
    rescue JSON::ParserError
      nil
    end
  end
end
