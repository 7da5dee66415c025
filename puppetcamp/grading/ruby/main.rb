# frozen_string_literal: true

# Grades one submission from the inside: loads Puppet once, with the guard, before the
# attendee's first cell, and forks into the checker and the attendee's worker.
#
# usage: ruby -e PROGRAM FOLDER LIMIT TYPE…    (FOLDER: the kernel's Ruby; LIMIT: bytes
#        that the attendee's worker may say; TYPE: Puppet types that are worth loading)
# The program is text and never a file: the files above this one, put together.

Guard.close
$LOAD_PATH.reject! { |folder| folder.start_with?('/usr/local/') }
began = Time.now

folder = ARGV.shift
limit = ARGV.shift.to_i
require "#{folder}/protocol"
started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
require "#{folder}/code_cache"
WarmPuppet::CodeCache.use
require "#{folder}/departure"
WarmPuppet::Departure.install
require "#{folder}/surroundings"
WarmPuppet::Surroundings.settle
GC.disable
require "#{folder}/preload"
require "#{folder}/server"
WarmPuppet::Preload.settings([])
facts = WarmPuppet::Facts.new(builtin_only: false)
# The node is fresh: nothing of an attendee's can be a fact, for the checker either.
facts.gather { [$stdin, $stdout].each { |stream| stream.reopen(File::NULL) } }
WarmPuppet::Preload.core(types: ARGV.map(&:to_sym))
WarmPuppet::Preload.step while WarmPuppet::Preload.left?
facts.await or abort 'the facts of the node could not be gathered'
GC.enable
# What was compiled for the image lies on a node that is an attendee's from here on.
WarmPuppet::CodeCache.leave

for_checker, to_checker = IO.pipe(binmode: true)
for_attendee, to_attendee = IO.pipe(binmode: true)
said, say = IO.pipe(binmode: true)
answers = $stdout.dup
loaded = Process.clock_gettime(Process::CLOCK_MONOTONIC) - started

serve = lambda do |input, output, settings, keeper, others|
  (others + [$stdin, $stdout, $stderr]).each { |pipe| pipe.reopen(File::NULL) if pipe.fileno < 3 }
  others.each(&:close)
  ARGV.clear
  protocol = WarmPuppet::Protocol.new(input, output)
  WarmPuppet::Server.new(protocol, facts, settings: settings, keeper: keeper, frugal: true).run(loaded)
end

attendee = fork do
  Guard.drop
  $PROGRAM_NAME = 'worker'
  # The attendee's processes are what the system ends first when memory runs out.
  File.write('/proc/self/oom_score_adj', '500')
  serve.call(for_attendee, say, [], nil, [for_checker, to_checker, to_attendee, said, answers])
end

router = Process.pid
checker = fork do
  $PROGRAM_NAME = 'checker'
  CheckerSettings.fix_name_services
  settings = CheckerSettings.take
  facts.settle
  keeper = Keeper.new(trusted: [router, Process.pid], ours: attendee, began: began)
  serve.call(for_checker, answers, settings, keeper, [for_attendee, to_attendee, said, say, to_checker])
end

[for_checker, for_attendee, say, answers].each(&:close)
$stdout.reopen(File::NULL)
$PROGRAM_NAME = 'router'
Router.new($stdin, checker: to_checker, attendee: to_attendee, said: said, limit: limit).run(checker)
# Without its first process's child the container ends, and Docker removes it.
Process.kill('TERM', 1)
exit!(0)
