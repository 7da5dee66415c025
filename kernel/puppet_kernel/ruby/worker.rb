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

require_relative 'surroundings'
WarmPuppet::Surroundings.settle

builtin_facts_only = !ARGV.delete('--builtin-facts-only').nil?
require_relative 'preload'
WarmPuppet::Preload.puppet(ARGV.dup)

require_relative 'server'
loaded = Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
WarmPuppet::Server.new(protocol, settings: ARGV.dup, builtin_facts_only: builtin_facts_only).run(loaded)
