# frozen_string_literal: true

require_relative '../run/configuration'

module WarmPuppet
  # What facts come from, as far as a look can tell: the files of custom and external
  # facts, the settings that say where these are, and what the system says of its names,
  # mounts and addresses. Whoever changes one of them need not be a cell.
  class Watched
    EXTERNAL = %w[/etc/facter/facts.d /etc/puppetlabs/facter/facts.d /opt/puppetlabs/facter/facts.d].freeze
    FILES = %w[
      /etc/facter/facter.conf /etc/puppetlabs/facter/facter.conf /etc/os-release /etc/hosts
      /etc/resolv.conf /etc/timezone /etc/localtime /etc/ssh/*.pub
    ].freeze
    # Files without a time of change: what they say is looked at.
    SYSTEM = %w[
      /proc/sys/kernel/hostname /proc/sys/kernel/domainname /proc/mounts
      /proc/net/route /proc/net/if_inet6 /proc/net/fib_trie
    ].freeze

    # Returns what to look at in an environment.
    def self.patterns(environment)
      folders = Puppet[:factpath].split(File::PATH_SEPARATOR) + EXTERNAL + [Puppet[:pluginfactdest]]
      patterns = folders.flat_map { |folder| [folder, "#{folder}/*"] }
      environment.modulepath.each do |modules|
        patterns.push("#{modules}/*/lib/facter/**/*.rb", "#{modules}/*/plugins/facter/**/*.rb", "#{modules}/*/facts.d/*")
      end
      [Configuration.path, *FILES, File.join(Puppet[:environmentpath], '*', 'environment.conf'), *patterns]
    end

    # Returns patterns, and what they show now.
    def self.now(patterns)
      { 'patterns' => patterns, 'seen' => look(patterns) }
    end

    def self.look(patterns)
      # An unreadable file may become a readable one, so it counts, too.
      files = Dir.glob(patterns).map { |path| [path, time(path)] }
      files + SYSTEM.map { |path| [path, content(path)] }
    end

    def self.time(path)
      stat = File.stat(path)
      stat.mtime.to_i * 1_000_000_000 + stat.mtime.nsec
    rescue SystemCallError
      nil
    end

    def self.content(path)
      File.read(path).hash
    rescue SystemCallError
      nil
    end

    # patterns: none at first; nil: nothing is ever looked at.
    def initialize(patterns)
      @patterns = patterns
      @seen = nil
    end

    # Goes on from what a child has seen; from here and now if it has not told.
    def resume(told)
      return unless @patterns

      @patterns, @seen = told.values_at('patterns', 'seen') if told
      @seen ||= self.class.look(@patterns)
    end

    def changed?
      !@patterns.nil? && self.class.look(@patterns) != @seen
    end
  end
end
