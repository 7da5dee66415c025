# frozen_string_literal: true

# Loaded into a worker with `ruby -r`: lets each cell run on a node of its own, while the
# worker itself stays one and the same. A request's folder names the node: a folder that
# mount-node can mount. Facts are gathered on the node that FACTS_NODE holds.
module OverlayJobs
  MOUNT = File.join(__dir__, 'mount-node')
  FACTS_NODE = '/nodes/facts'
  NEW_MOUNT_NAMESPACE = 0x00020000
  UNSHARE = { 'x86_64' => 272, 'aarch64' => 97 }.fetch(RbConfig::CONFIG['host_cpu'])

  # To be prepended to what applies a manifest.
  module Apply
    def run
      OverlayJobs.enter(@request['cwd'])
      super
    end
  end

  # To be prepended to what gathers facts.
  module Facts
    private

    def find
      OverlayJobs.enter(File.read(FACTS_NODE)) if File.exist?(FACTS_NODE)
      # The worker would look for changes on another node than this one.
      super.tap { |found| found.delete(:watched) }
    end
  end

  PREPENDED = { 'WarmPuppet::ApplyRun' => Apply, 'WarmPuppet::Facts' => Facts }.freeze

  # Moves the calling process, and what it starts from now on, to a node.
  def self.enter(node)
    syscall(UNSHARE, NEW_MOUNT_NAMESPACE)
    system(MOUNT, node, exception: true)
    Dir.chroot("#{node}/root")
    Dir.chdir('/')
  end

  # The worker's classes are not there yet: they are met when their definition ends.
  def self.install
    left = PREPENDED.dup
    TracePoint.new(:end) do |point|
      part = left.delete(point.self.name)
      point.self.prepend(part) if part
      point.disable if left.empty?
    end.enable
  end
end

OverlayJobs.install
