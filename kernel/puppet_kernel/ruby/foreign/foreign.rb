# frozen_string_literal: true

require_relative 'refusals'
require_relative 'roots'

module WarmPuppet
  # Makes a child fit for a manifest that is not to be trusted: it is compiled with the
  # environment and the modules of its author, and no Ruby of theirs is loaded. Puppet's
  # language, EPP templates and data are as always. Children only.
  module Foreign
    # What a request may say of where the manifest is at home.
    SETTINGS = %w[environmentpath environment basemodulepath hiera_config].freeze

    class Refused < Puppet::Error; end

    class << self
      # settings: a Hash of SETTINGS and paths; what is not in it stays as it is. nil:
      # the manifest is trusted.
      def enter(settings)
        return if settings.nil? || settings == false

        @roots = Roots.all
        SETTINGS.each do |name|
          value = settings.is_a?(Hash) ? settings[name] : nil
          Puppet.settings.handlearg("--#{name}", value) if value.is_a?(String)
        end
        Facter::OptionStore.no_external_facts = true
        Facter::OptionStore.no_custom_facts = true
        $LOAD_PATH.select! { |folder| own?(folder) }
        Refusals.install
        fence
      end

      # Whether a file or a folder is the system's own.
      def own?(path)
        real = "#{File.realpath(path.to_s)}/"
        @roots.any? { |root| real.start_with?(root) }
      rescue SystemCallError
        false
      end

      # what: in words; path: its file, or nil; advice: what to do instead, or nil.
      def refuse(what, path, advice)
        place = path ? " (#{path})" : ''
        advice = advice ? "; #{advice}" : ''
        raise Refused, "#{what}#{place} is written in Ruby, and a check runs no Ruby that comes with a manifest#{advice}"
      end

      private

      # The last line: whatever Ruby is about to be loaded or evaluated, it is the
      # system's own or it does not run.
      def fence
        TracePoint.new(:script_compiled) { |point| check(point.instruction_sequence.path.to_s) }.enable
      end

      # path: a file's; or "(eval at FILE:LINE)" for a text, which is as good as the file
      # that has it evaluated.
      def check(path)
        file = path[/\A\(eval at (.+):\d+\)\z/, 1] || path.delete_suffix('+eval[wrapper]')
        refuse(file, nil, nil) unless own?(file)
      end
    end
  end
end
