# frozen_string_literal: true

require 'pathname'
require_relative 'fault'

module WarmPuppet
  module FileChecks
    # Has Puppet judge a hiera.yaml that is not yet on the disk.
    module HieraConfig
      # Puppet finds places by reading the file; here they are found in the text.
      module FromText
        attr_accessor :text

        def find_line_matching(regexp, start_line = 1)
          found = text.to_s.split("\n").each_with_index.find { |line, index| index + 1 >= start_line && line =~ regexp }
          found && (found.last + 1)
        end
      end

      WRONG_TYPE = /\AThe Lookup Configuration at '.*' has wrong type, /m.freeze
      FIFTH = "a hiera.yaml begins with the line\nversion: 5"

      module_function

      # data: what YAML makes of the text, nothing being wrong with that.
      def check(text, data, path, environment)
        return [Fault.error('hiera.yaml holds keys and values', line: 1, column: 1, hint: FIFTH)] unless data.is_a?(Hash)

        owner = owner_of(path, environment)
        version = data['version'] || data[:version]
        return version_fault(text, version) unless version == 5 || (version.nil? || version == 3) && third?(owner, data)

        judge(text, data, path, owner)
        twice(text, data)
      rescue Puppet::DataBinding::LookupError, Puppet::Pops::Types::TypeAssertionError => e
        line = e.respond_to?(:line) ? e.line : nil
        [Fault.error(told(e), line: line || line_of(text, e.message), issue: issue(e))]
      end

      def third?(owner, data)
        owner.is_a?(Puppet::Pops::Lookup::GlobalDataProvider) && data.keys.any?(Symbol)
      end

      def version_fault(text, version)
        line = text.split("\n").index { |one| one =~ /\A:?version:/ }
        message = version ? "hiera.yaml has version #{version}, and only 5 works here" : 'hiera.yaml does not say its version'
        [Fault.error(message, line: (line || 0) + 1, column: 1, hint: FIFTH)]
      end

      def judge(text, data, path, owner)
        return if third?(owner, data)

        kind = Class.new(Puppet::Pops::Lookup::HieraConfigV5) { include FromText }
        config = kind.allocate
        config.text = text
        config.send(:initialize, Pathname.new(path).parent, Pathname.new(path), data, owner)
      end

      def twice(text, data)
        names = Array(data['hierarchy']).map { |level| level['name'] }
        name = names.find { |one| names.count(one) > 1 }
        return [] unless name

        pattern = /name:\s*['"]?#{Regexp.escape(name)}['"]?\s*\z/
        _, second = text.split("\n").each_with_index.filter_map { |line, index| index + 1 if line =~ pattern }
        [Fault.error("two levels are called #{name}", line: second || 1, hint: 'every level has a name of its own')]
      end

      # Of which layer a file at this path would be: that decides what it may hold.
      def owner_of(path, environment)
        lookup = Puppet::Pops::Lookup
        return lookup::GlobalDataProvider.new if path == Puppet[:hiera_config]
        return lookup::EnvironmentDataProvider.new if File.dirname(path) == NodeEnvironment.root(environment)

        lookup::ModuleDataProvider.new(File.basename(File.dirname(path)))
      end

      def told(error)
        message = error.respond_to?(:basic_message) ? error.basic_message : error.message
        message.sub(WRONG_TYPE, '').sub(/ \(file: .*\)\z/, '')
      end

      def issue(error)
        error.respond_to?(:issue_code) ? error.issue_code&.to_s : nil
      end

      # "entry 'hierarchy' index 1 unrecognized key 'pth'": the line of that key.
      def line_of(text, message)
        lines = text.split("\n")
        key = message[/unrecognized key '([^']+)'/, 1] || message.scan(/entry '([^']+)'/).flatten.last
        start = message[/index (\d+)/, 1] ? level_line(lines, message[/index (\d+)/, 1].to_i) : 0
        found = key && (start...lines.size).find { |index| lines[index] =~ /\A[\s-]*['"]?#{Regexp.escape(key)}['"]?:/ }
        (found || start) + 1
      end

      def level_line(lines, number)
        top = lines.index { |line| line =~ /\A(?:plan_|default_)?hierarchy:/ } || 0
        indent = lines[top + 1..].to_a.filter_map { |line| line[/\A\s*(?=- )/] }.first
        starts = (top + 1...lines.size).select { |index| indent && lines[index].start_with?("#{indent}- ") }
        starts[number] || top
      end

      private_class_method :third?, :version_fault, :judge, :twice, :owner_of, :told, :issue, :line_of, :level_line
    end
  end
end
