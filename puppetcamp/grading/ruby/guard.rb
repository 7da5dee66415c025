# frozen_string_literal: true

require 'fiddle'

# The guard: one capability, harmless by itself, that only trusted processes hold. With
# it, and as processes that cannot be dumped, they are closed to an attendee's root:
# nobody reads or writes their memory, their descriptors or their environment.
module Guard
  CAPABILITY = 35 # CAP_WAKE_ALARM
  BIT = 1 << CAPABILITY
  PR_SET_DUMPABLE = 4
  PR_CAPBSET_DROP = 24
  PR_CAP_AMBIENT = 47
  PR_CAP_AMBIENT_CLEAR_ALL = 4
  CAPABILITY_VERSION = 0x20080522

  def self.function(name, arguments)
    Fiddle::Function.new(Fiddle::Handle::DEFAULT[name], arguments, Fiddle::TYPE_INT)
  end
  private_class_method :function

  PRCTL = function('prctl', [Fiddle::TYPE_INT, *[Fiddle::TYPE_LONG] * 4])
  CAPGET = function('capget', [Fiddle::TYPE_VOIDP] * 2)
  CAPSET = function('capset', [Fiddle::TYPE_VOIDP] * 2)

  module_function

  # Closes /proc/PID of this process, and of its forks, to everybody.
  def close
    prctl(PR_SET_DUMPABLE, 0)
  end

  # What this process executes from here on does not hold the guard.
  def keep_from_programs
    prctl(PR_CAPBSET_DROP, CAPABILITY)
  end

  # Becomes what every process of an attendee is. There is no way back.
  def drop
    keep_from_programs
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = [CAPABILITY_VERSION, 0].pack('LL')
    sets = +("\0" * 24)
    CAPGET.call(header, sets).zero? or abort 'cannot read capabilities'
    # Effective, permitted and inheritable, first for capabilities 0 to 31, then above.
    words = sets.unpack('L6')
    words[3, 3] = words[3, 3].map { |word| word & ~(1 << (CAPABILITY - 32)) }
    CAPSET.call(header, words.pack('L6')).zero? or abort 'cannot drop a capability'
    abort 'the guard could not be dropped' if held_by?(Process.pid)
    prctl(PR_SET_DUMPABLE, 1)
  end

  # Whether a process is a trusted one. Nobody who lacks the guard can get it.
  def held_by?(pid)
    permitted = File.read("/proc/#{pid}/status")[/^CapPrm:\s*(\h+)/, 1].to_s.to_i(16)
    (permitted & BIT).positive?
  rescue SystemCallError
    false # it has gone
  end

  def prctl(option, value)
    PRCTL.call(option, value, 0, 0, 0).zero? or abort "prctl #{option} failed"
  end
end
