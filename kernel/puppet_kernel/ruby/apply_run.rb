# frozen_string_literal: true

require_relative 'check_guard'
require_relative 'reporting'

module WarmPuppet
  # Applies one manifest with the stock `puppet apply`. Runs in a child only.
  class ApplyRun
    OPTIONS = %w[
      --no-exclude_unchanged_resources --logdest cell --reports cell --show_diff
      --log_level notice --detailed-exitcodes --color false
    ].freeze

    # A compiler asks Facter about its server, and `puppet apply` never uses the answer.
    # Asking takes 60 ms, and on a node without an address it ends in a warning.
    module NoServerFacts
      def load
        {}
      end
    end

    # request: "code"; "noop" (true: change nothing); "check" (true: noop that nothing overrides).
    # facts: Puppet::Node::Facts, or nil to let the run gather its own.
    def initialize(request, emitter, facts:, settings:)
      @request = request
      @emitter = emitter
      @facts = facts
      @settings = settings
    end

    def run
      Reporting.emitter = @emitter
      Puppet::Node::ServerFacts.singleton_class.prepend(NoServerFacts)
      CheckGuard.install(@emitter) if @request['check']
      arguments = @settings + OPTIONS + fact_options + noop_options
      # Settings are read anew: the attendee may have edited puppet.conf. Without
      # parsing the options here too, --noop would be ignored and changes applied.
      Puppet.settings.send(:parse_config_files)
      Puppet.settings.send(:parse_global_options, arguments)
      command = Puppet::Util::CommandLine.new('puppet', ['apply', *arguments, '-e', @request['code']])
      Puppet::Application::Apply.new(command).run
    end

    private

    def noop_options
      @request['noop'] || @request['check'] ? ['--noop'] : []
    end

    def fact_options
      return [] unless @facts

      Puppet::Node::Facts.indirection.terminus_class = :memory
      Puppet::Node::Facts.indirection.save(@facts)
      %w[--facts_terminus memory]
    end
  end
end
