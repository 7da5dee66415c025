# Starts the checker: the worker that runs checks, and nothing else, in a container
# where an attendee is root. It loads before the first cell of the attendee runs.
#
# usage: ruby checker.rb WORKER_RB       (sent as program text, never a file)
require 'fiddle'
require 'puppet'
require 'tmpdir'

PR_SET_DUMPABLE = 4
PR_CAPBSET_DROP = 24
CAP_WAKE_ALARM = 35

long = Fiddle::TYPE_LONG
prctl = Fiddle::Function.new(
  Fiddle::Handle::DEFAULT['prctl'], [Fiddle::TYPE_INT, long, long, long, long], Fiddle::TYPE_INT
)
# What a check executes (`unless => …`) may be a program that the attendee put there.
# It must not inherit the capability that keeps the checker's descriptors closed.
prctl.call(PR_CAPBSET_DROP, CAP_WAKE_ALARM, 0, 0, 0).zero? or abort 'cannot drop a capability'
# Without this, /proc/PID of a process is open to everybody with its user id.
prctl.call(PR_SET_DUMPABLE, 0, 0, 0, 0).zero? or abort 'cannot close /proc/PID'

# Nobody can create a file in /proc, root included: what lies there can't be planted.
NOWHERE = '/proc/puppetcamp'
$LOAD_PATH.reject! { |folder| folder.start_with?('/usr/local/') }

# A configuration, modules and plug-ins of its own: what an attendee writes into
# /etc/puppet, Puppet's cache or a module folder means nothing to the checker. Settings
# given as arguments also outrank a puppet.conf. Debian's own modules (cron, host, …)
# stay where they are.
private_root = Dir.mktmpdir('checker')
folder = ->(name) { File.join(private_root, name).tap { |path| Dir.mkdir(path, 0o700) } }
settings = {
  'confdir' => folder['conf'], 'codedir' => folder['code'], 'vardir' => folder['var'],
  'publicdir' => folder['public'], 'rundir' => folder['run'], 'logdir' => folder['log'],
  'ssldir' => folder['ssl'], 'config' => "#{NOWHERE}/puppet.conf",
  'hiera_config' => "#{NOWHERE}/hiera.yaml", 'environmentpath' => "#{NOWHERE}/environments",
  'basemodulepath' => "#{NOWHERE}/modules", 'factpath' => "#{NOWHERE}/facts",
  'libdir' => "#{NOWHERE}/lib", 'pluginfactdest' => "#{NOWHERE}/facts.d"
}

# Puppet creates the folders of its settings; these must never be there.
module NoPluginFolders
  def initialize_settings(*)
    super.tap do
      %i[libdir plugindest pluginfactdest].each do |name|
        Puppet.settings.setting(name).define_singleton_method(:to_resource) { nil }
      end
    end
  end
end
Puppet.singleton_class.prepend(NoPluginFolders)

$PROGRAM_NAME = worker = ARGV.shift
ARGV.replace(['--builtin-facts-only', *settings.flat_map { |name, path| ["--#{name}", path] }])
load worker
