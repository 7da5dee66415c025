# frozen_string_literal: true

require_relative 'fault'

module WarmPuppet
  module FileChecks
    # Looks at the two small files that say what an environment or a module is.
    module SettingsText
      METADATA = %w[author summary license source dependencies].freeze

      module_function

      # environment.conf: settings without sections.
      def environment_conf(text)
        known = Puppet::Settings::EnvironmentConf::VALID_SETTINGS.map(&:to_s)
        text.split("\n").each_with_index.filter_map do |line, index|
          case line
          when /\A\s*(?:#.*)?\z/ then nil
          when /\A\s*([[:word:]]+)\s*=/ then unknown(Regexp.last_match(1), known, index + 1)
          when /\A\s*\[/ then Fault.error('environment.conf has no sections', line: index + 1, column: 1, hint: 'take this line out')
          else Fault.error('a setting is written name = value', line: index + 1, column: 1)
          end
        end
      end

      def unknown(name, known, line)
        return nil if known.include?(name)

        Fault.warning("Puppet ignores the setting #{name} in environment.conf", line: line, column: 1,
                      hint: "it knows #{known.sort.join(', ')}")
      end

      # metadata.json, as `puppet module` would have it.
      def metadata(data)
        return [Fault.error('metadata.json holds one object, between { and }', line: 1, column: 1)] unless data.is_a?(Hash)

        missing = %w[name version].reject { |key| data.key?(key) }
        return [Fault.error("metadata.json lacks #{missing.join(' and ')}", line: 1)] unless missing.empty?

        require 'puppet/module_tool/metadata'
        Puppet::ModuleTool::Metadata.new.update(Marshal.load(Marshal.dump(data)))
        lacking = METADATA.reject { |key| data.key?(key) }
        lacking.empty? ? [] : [Fault.warning("metadata.json has no #{lacking.join(', ')}", line: 1)]
      rescue ArgumentError, TypeError, NoMethodError => e
        told = e.is_a?(ArgumentError) ? e.message : 'a field of metadata.json has the wrong type'
        [Fault.error(told, line: 1)]
      end

      private_class_method :unknown
    end
  end
end
