# frozen_string_literal: true

require_relative 'run/apply_run'
require_relative 'run/configuration'
require_relative 'facts/fact_use'
require_relative 'facts/facts'
require_relative 'job'
require_relative 'questions'
require_relative 'run/reporting'
require_relative 'run/shell_run'
require_relative 'syntax'

module WarmPuppet
  # Serves one request after the other; interrupts are heard at any time.
  class Server
    IDLE = 5 # seconds between looks at the clock
    # After these the machine may be another one than the facts say.
    CHANGING = %w[apply sh].freeze
    MAX_LEFTOVERS = 64

    # keeper: whoever minds the requests of a grader's worker (see the grader), or nil.
    # frugal: gather facts for manifests that can see them only, and not in advance.
    def initialize(protocol, facts, settings:, keeper: nil, frugal: false)
      @protocol = protocol
      @facts = facts
      @settings = settings
      @keeper = keeper
      @frugal = frugal
      @queue = []
      @job = nil
      @leftovers = []
      @tether, @tether_end = IO.pipe
      @wake, @wake_end = IO.pipe
    end

    def run(load_seconds)
      Reporting.install
      trap('CHLD') { @wake_end.write_nonblock('.', exception: false) }
      @protocol.send_event(ev: 'ready', puppet: Puppet.version, user: Etc.getpwuid&.name || Process.uid.to_s,
                           root: Process.uid.zero?, seconds: load_seconds.round(3))
      loop { turn }
    end

    private

    def turn
      start_next
      heard = [@protocol.input, @wake, @facts.pipe, *job_pipes, *@leftovers].compact
      ready, = IO.select(heard, nil, nil, loading? ? 0 : IDLE)
      return Preload.step if ready.nil? && loading?

      ready ||= []
      @wake.read_nonblock(1 << 10, exception: false) if ready.include?(@wake)
      hear if ready.include?(@protocol.input)
      tell_facts(ready)
      discard_leftovers(ready & @leftovers)
      watch_job
    end

    # Whether there is something to load, and time for it.
    def loading?
      !@job && @queue.empty? && Preload.left?
    end

    def job_pipes
      # A pipe at its end is always readable: without a living job nobody asks it.
      @job ? @job.pipes : []
    end

    def hear
      return if @protocol.each_request { |request| handle(request) }

      @job&.kill
      @facts.abandon if @facts.gathering?
      exit!(0)
    end

    def handle(request)
      case request['op']
      when 'interrupt' then interrupt(request['target'])
      when 'validate' then validate(request)
      when 'facts'
        @facts.expire
        answer(request, { ev: 'facts' })
      when 'ping' then answer(request, { ev: 'pong', pid: Process.pid, leftovers: @leftovers.size })
      when 'apply', 'sh', Questions.method(:known?) then @queue << request
      when ->(operation) { @keeper&.answers?(operation) } then answer(request, @keeper.answer(request))
      else answer(request, { ev: 'problem', message: "unknown operation #{request['op'].inspect}" })
      end
    end

    # A long text would leave its parser's memory behind: that is for a child.
    def validate(request)
      code = request['code'].to_s
      code.bytesize > Syntax::SHORT ? @queue << request : answer(request, Syntax.check(code))
    end

    def answer(request, event)
      @protocol.send_event(event.merge(id: request['id']))
      @protocol.send_event(id: request['id'], ev: 'done', status: 0, signal: nil,
                           interrupted: nil, seconds: 0.0)
    end

    # A request that has not begun is dropped: nothing of it has to be ended. An
    # interrupt that comes too late must not hit the next request.
    def interrupt(target)
      return unless target.nil? || target == (@job&.request || @queue.first || {})['id']

      if @job
        @job.interrupt
      elsif (request = @queue.shift)
        @facts.abandon if @facts.gathering?
        @protocol.send_event(id: request['id'], ev: 'done', status: nil, signal: nil,
                             interrupted: 'stop', seconds: 0.0)
      end
    end

    def start_next
      return if @job || @queue.empty?

      gather_facts_for(@queue.first) if needs_facts?(@queue.first)
      return if @facts.gathering? && needs_facts?(@queue.first)

      start(@queue.shift)
    end

    # A cell may have used up what the system has of processes or descriptors.
    def start(request)
      @job = Job.new(request, tether: @tether) { |emitter| perform(request, emitter) }
    rescue SystemCallError => e
      id = request['id']
      @protocol.send_event(id: id, ev: 'log', level: 'crit', source: 'Puppet',
                           message: "the cell could not be started: #{e.message}")
      @protocol.send_event(id: id, ev: 'done', status: 71, signal: nil, interrupted: nil, seconds: 0.0)
    end

    # Once for each request: what facts come from may change whenever they are gathered,
    # and would keep the request waiting for ever.
    def gather_facts_for(request)
      return if @gathered_for.equal?(request) || @facts.gathering? || !@facts.stale?

      @gathered_for = request
      @facts.gather { leave_parent }
    end

    def needs_facts?(request)
      return Questions.facts?(request['op']) unless request['op'] == 'apply'

      !@frugal || FactUse.possible?(request['code'])
    end

    # Runs in the child.
    def perform(request, emitter)
      leave_parent
      @keeper&.enter(request)
      case request['op']
      when 'apply'
        enter(request['cwd'])
        ApplyRun.new(request, emitter, facts: @facts).run
      when 'sh' then ShellRun.new(request, emitter).run
      when 'validate' then emitter.emit(Syntax.check(request['code'].to_s)) && 0
      else
        enter(request['cwd'])
        Configuration.read # it names the node
        node = Questions::Node.new(facts: @facts.to_puppet, settings: @settings, emitter: emitter)
        Questions.answer(request, node)
      end
    end

    def enter(folder)
      Dir.chdir(folder) if folder
    rescue SystemCallError
      nil # a manifest names absolute paths; a lost folder is no reason to refuse it
    end

    # What a child must not hold: the protocol, and the other end of its own tether.
    def leave_parent
      @protocol.close
      @tether_end.close
      @wake.close
      @wake_end.close
      @leftovers.each(&:close)
      trap('CHLD', 'DEFAULT')
    end

    def tell_facts(ready)
      event = @facts.abandon if @facts.overdue?
      event ||= @facts.read if @facts.pipe && ready.include?(@facts.pipe)
      @protocol.send_event(event) if event
    end

    def watch_job
      return unless @job

      id = @job.request['id']
      send_event = ->(event) { @protocol.send_event(event.merge(id: id)) }
      @job.pump(&send_event)
      done = @job.finish(&send_event)
      return unless done

      @keeper&.sweep
      send_event.call(done)
      keep_leftover(@job.leftover_output)
      refresh_facts(@job.request, done)
      @job = nil
    end

    # Exit codes of apply: 0 nothing changed, 1 did not compile; everything else may
    # have changed the machine.
    def refresh_facts(request, done)
      return unless CHANGING.include?(request['op']) || Questions.changes?(request['op'])

      looked = request['noop'] || request['check'] || [0, 1].include?(done[:status])
      return if request['op'] == 'apply' && looked

      @facts.expire
      @facts.gather { leave_parent } unless @frugal
    end

    def keep_leftover(pipe)
      @leftovers << pipe if pipe
      @leftovers.shift.close while @leftovers.size > MAX_LEFTOVERS
    end

    def discard_leftovers(pipes)
      pipes.each do |pipe|
        loop { pipe.read_nonblock(Job::READ_SIZE) }
      rescue IO::WaitReadable
        next
      rescue EOFError
        pipe.close
        @leftovers.delete(pipe)
      end
    end
  end
end
