# frozen_string_literal: true

# A warm Puppet: reads one JSON request per line on standard input, answers with
# one JSON event per line on standard output.
#
# This process loads Puppet once and never compiles or applies anybody's code.
# Every request that does so runs in a forked child, which inherits the loaded
# Puppet and takes whatever it did to itself along when it exits.
#
# Usage: ruby worker.rb [--builtin-facts-only] [Puppet settings, such as
#        --confdir DIR --vardir DIR --codedir DIR]
#
# Needs nothing of its environment: no HOME, no terminal, any umask and folder.

require_relative 'protocol'

# Before Puppet loads: whatever prints from here on must not reach the protocol.
protocol = WarmPuppet::Protocol.take_over_stdio
started = Process.clock_gettime(Process::CLOCK_MONOTONIC)

require_relative 'code_cache'
WarmPuppet::CodeCache.use

require_relative 'departure'
WarmPuppet::Departure.install

require_relative 'surroundings'
WarmPuppet::Surroundings.settle

builtin_facts_only = !ARGV.delete('--builtin-facts-only').nil?
# Little of what loads is garbage: looking for it costs a tenth of a second, and not
# looking for longer than this costs memory for good.
GC.disable
require_relative 'preload'
GC.enable
require_relative 'server'
WarmPuppet::Preload.settings(ARGV.dup)
facts = WarmPuppet::Facts.new(builtin_only: builtin_facts_only)
facts.gather { protocol.close } # while the rest loads
WarmPuppet::Preload.core
# A checker may not load anything after it has said that it is ready: from then on its
# node is an attendee's.
if builtin_facts_only
  WarmPuppet::Preload.step while WarmPuppet::Preload.left?
  WarmPuppet::CodeCache.leave
end

loaded = Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
WarmPuppet::Server.new(protocol, facts, settings: ARGV.dup).run(loaded)
