# frozen_string_literal: true

# Keeps attendee processes away from running checks, and answers what the grader asks
# about the node. Part of the checker; its requests are answered by the checker itself.
class Keeper
  OPERATIONS = %w[hold release].freeze
  HOLD_SECONDS = 3.0
  PAUSE = 0.2 # seconds between two looks for processes that have come since
  # More left-overs than this are ended: a check needs processes of its own.
  CROWD = 40

  # trusted: process ids that are never touched; ours: of the attendee's worker, which
  # stops like all others but is nothing to tell of.
  def initialize(trusted:, ours:, began:)
    @trusted = trusted
    @ours = ours
    @look = Look.new(began)
    @held = []
    @first = pids - [ours]
    @holding = false
    # From the beginning: later there may be no process left to have.
    Thread.new { loop { sleep(PAUSE) && @holding && hold } }
  end

  def answers?(operation)
    OPERATIONS.include?(operation)
  end

  # hold: stops what cells have left running ("daemons": programs that go on), keeps it
  # so, and looks at the node ("look": see Look). release: lets it all go on.
  def answer(request)
    return release if request['op'] == 'release'

    @daemons = Daemons.new(request['daemons'].is_a?(Array) ? request['daemons'] : [])
    @holding = true
    hold
    left = left_running
    disperse if @held.size > CROWD
    { ev: 'held', left_running: left, **@look.at(request['look'] || {}) }
  rescue StandardError => e
    { ev: 'problem', message: "the node could not be looked at: #{e.class}" }
  end

  # Runs in the child of a request. What a check asks of the node is asked by programs
  # with the guard: nobody can write their answers for them. What an applied manifest
  # starts may stay, and may be the attendee's: it must not hold the guard.
  def enter(request)
    looks = request['op'] == 'apply' && (request['check'] || request['noop']) && !request['foreign']
    return Guard.keep_from_programs unless looks

    keeper = self
    Puppet::Util::Execution.singleton_class.prepend(
      Module.new do
        define_method(:execute) do |*arguments, **options, &block|
          super(*arguments, **options, &block)
        ensure
          keeper.sweep(Process.pid)
        end
      end
    )
  end

  # Ends programs with the guard that outlive the check that ran them: one of them may
  # be an attendee's.
  def sweep(*spared)
    (pids - @trusted - spared).each { |pid| signal('KILL', pid) if Guard.held_by?(pid) }
  end

  private

  def hold
    deadline = now + HOLD_SECONDS
    until now > deadline
      fresh = (pids - @trusted - @first - @held).reject { |pid| @daemons.include?(pid) || ours?(pid) }
      break if fresh.empty?

      fresh.each { |pid| signal('STOP', pid) }
      @held.concat(fresh)
    end
  end

  def disperse
    crowd = @held - [@ours]
    crowd.each { |pid| signal('KILL', pid) }
    deadline = now + HOLD_SECONDS
    sleep(0.02) until (pids & crowd).size <= CROWD || now > deadline
    @held -= crowd
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end

  # What the checker has started itself, and what asks for it.
  def ours?(pid)
    20.times do
      return true if @trusted.include?(pid) || Guard.held_by?(pid)
      return false if pid <= 1

      pid = parent(pid)
    end
    false
  end

  def left_running
    (@held - [@ours]).reject { |pid| parent(pid) == @ours }.filter_map { |pid| command(pid) }.uniq.first(20)
  end

  def release
    @holding = false
    @held.each { |pid| signal('CONT', pid) }
    @held.clear
    { ev: 'released', now: Time.now.to_f }
  end

  def pids
    Dir.children('/proc').grep(/\A\d+\z/).map(&:to_i)
  end

  def command(pid)
    words = File.read("/proc/#{pid}/cmdline", 200).to_s.scrub.tr("\0", ' ').strip
    words.empty? ? File.read("/proc/#{pid}/comm").scrub.strip : words
  rescue SystemCallError
    nil
  end

  def parent(pid)
    File.read("/proc/#{pid}/stat")[/\) \S (\d+)[^)]*\z/, 1].to_i
  rescue SystemCallError
    0
  end

  def signal(name, pid)
    Process.kill(name, pid)
  rescue SystemCallError
    nil
  end
end
