# frozen_string_literal: true

require_relative '../catalog/catalog_event'
require_relative '../foreign/foreign'
require_relative 'check_guard'
require_relative 'configuration'
require_relative 'reporting'
require_relative 'server_facts'
require_relative 'settled_folders'

module WarmPuppet
  # Applies one manifest with the stock `puppet apply`. Runs in a child only.
  class ApplyRun
    # As on the command line of `puppet apply`.
    SETTINGS = [
      ['--no-exclude_unchanged_resources'], %w[--logdest cell], %w[--reports cell], ['--show_diff'],
      %w[--log_level notice], %w[--color false]
    ].freeze

    # Part of the application: what it is told, without a command line. Building Puppet's
    # parser of hundreds of options takes longer than compiling a cell.
    module ToldOptions
      attr_accessor :code

      def parse_options
        options[:code] = code
        options[:detailed_exitcodes] = true
      end
    end

    # request: "code"; "noop" (true: change nothing); "check" (true: noop that nothing overrides).
    # "foreign": settings of a manifest that is not to be trusted, see Foreign. facts: Facts.
    def initialize(request, emitter, facts:)
      @request = request
      @emitter = emitter
      @facts = facts
    end

    def run
      Reporting.emitter = @emitter
      FactMessages.tell(@facts.told, @emitter)
      ServerFacts.leave_out
      CheckGuard.install(@emitter) if @request['check']
      CatalogEvent.install(@emitter)
      Puppet.settings.singleton_class.prepend(SettledFolders)
      Puppet::FileSystem::Uniquefile.prepend(SettledFolders::StateUnsynced)
      Configuration.read
      tell_settings
      Foreign.enter(@request['foreign'])
      application = Puppet::Application::Apply.new(Puppet::Util::CommandLine.new('puppet', ['apply']))
      application.extend(ToldOptions).code = @request['code']
      application.run
    end

    private

    def tell_settings
      SETTINGS.each { |option, value| Puppet.settings.handlearg(option, value) }
      Puppet.settings.handlearg('--noop') if @request['noop'] || @request['check']
      known = @facts.to_puppet or return
      Puppet::Node::Facts.indirection.terminus_class = :memory
      Puppet::Node::Facts.indirection.save(known)
      Puppet.settings.handlearg('--facts_terminus', 'memory')
    end
  end
end
