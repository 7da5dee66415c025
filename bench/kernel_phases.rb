# frozen_string_literal: true

# Prints where the CPU seconds of a cell go, as JSON: medians of several runs.
# usage: ruby kernel_phases.rb FOLDER_OF_THE_KERNEL'S_RUBY MANIFEST RUNS

folder, manifest, runs = ARGV
%w[surroundings preload server].each { |file| require File.join(folder, file) }
WarmPuppet::Surroundings.settle
WarmPuppet::Preload.settings([])
WarmPuppet::Preload.core
WarmPuppet::Preload.step while WarmPuppet::Preload.left?
WarmPuppet::Reporting.install
facts = WarmPuppet::Facts.new(builtin_only: false)
facts.gather { nil }
sleep(0.01) until facts.read

SPENT = Hash.new(0.0)
PHASES = {
  'setup' => [Puppet::Application::Apply, :setup],
  'compile' => [Puppet::Resource::Catalog::Compiler, :find],
  'make resources' => [Puppet::Resource::Catalog, :to_ral],
  'evaluate' => [Puppet::Transaction, :evaluate],
  'report' => [Puppet::Configurer, :send_report],
  'state file' => [Puppet::Util::Storage.singleton_class, :load, :store]
}.freeze

def cpu
  Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
end

# Each phase is told without those that run within it.
def timed(name)
  began = cpu
  within = SPENT.values.sum
  yield
ensure
  SPENT[name] += cpu - began - (SPENT.values.sum - within)
end

PHASES.each do |name, (owner, *methods)|
  owner.prepend(Module.new do
    methods.each { |method| define_method(method) { |*args, **keys, &block| timed(name) { super(*args, **keys, &block) } } }
  end)
end

def apply(manifest, facts, output)
  GC.disable
  $stdout.reopen(File::NULL)
  emitter = WarmPuppet::Emitter.new(File.open(File::NULL, 'w'))
  timed('other') do
    WarmPuppet::ApplyRun.new({ 'code' => manifest }, emitter, facts: facts).run
  rescue SystemExit
    nil
  end
  output.write(JSON.generate(SPENT))
  output.close
  exit!(0)
end

measured = Array.new(runs.to_i) do
  reader, writer = IO.pipe
  before = Process.times
  child = fork { apply(manifest, facts, writer) }
  writer.close
  spent = JSON.parse(reader.read)
  Process.wait(child)
  after = Process.times
  all = (after.cutime + after.cstime) - (before.cutime + before.cstime)
  spent.merge('fork, exit and commands' => [all - spent.values.sum, 0.0].max)
end
names = measured.flat_map(&:keys).uniq
median = names.to_h do |name|
  [name, measured.map { |spent| spent.fetch(name, 0.0) }.sort[measured.size / 2]]
end
puts JSON.generate(median)
