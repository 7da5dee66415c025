# frozen_string_literal: true

require 'etc'
require 'fileutils'
require 'tmpdir'

module WarmPuppet
  # What a process may lack when it is started by sudo, by `docker exec` or by init.
  module Surroundings
    PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/puppetlabs/bin'

    OOM_SCORE = '/proc/self/oom_score_adj'

    module_function

    def settle
      end_before_the_kernel
      File.umask(0o022)
      Dir.chdir('/')
      ENV['PATH'] = PATH
      ENV['HOME'] = home
      # Without a locale Ruby reads files as US-ASCII and a manifest with an umlaut fails.
      ENV['LANG'] = 'C.UTF-8' if ENV['LC_ALL'].to_s.empty? && ENV['LANG'].to_s !~ /utf-?8/i
      Encoding.default_external = Encoding::UTF_8
      # A terminal's Ctrl-C is for the one who asks, who sends a request if it is for us.
      trap('INT', 'IGNORE')
    end

    # Where memory has ended, rather this process than the kernel, which starts another.
    # Only where that one has asked for the like itself: see rest.py.
    def end_before_the_kernel
      score = File.read(OOM_SCORE).to_i
      File.write(OOM_SCORE, [2 * score, 1000].min.to_s) if score.positive?
    rescue SystemCallError
      nil
    end

    # Puppet keeps its state at home unless it is root, so home must be writable.
    def home
      home = ENV['HOME'] || Etc.getpwuid&.dir
      return home if home && File.directory?(home) && File.writable?(home)

      own = File.join(Dir.tmpdir, "puppet-kernel-#{Process.uid}")
      FileUtils.mkdir_p(own, mode: 0o700)
      raise "#{own} belongs to somebody else" unless File.owned?(own)

      own
    end
  end
end
