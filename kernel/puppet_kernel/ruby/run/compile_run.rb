# frozen_string_literal: true

require_relative 'apply_run'
require_relative 'server_facts'

module WarmPuppet
  # Compiles a manifest with the stock `puppet apply`, and stops before anything of it is
  # looked at or changed. Runs in a child only.
  class CompileRun
    # In the way between compiling and applying; functions put off until then are not
    # called either.
    module Stop
      def resolve_and_replace(_facts, catalog, *)
        throw :compiled, catalog
      end
    end

    SETTINGS = [
      %w[--logdest cell], %w[--log_level notice], %w[--color false], ['--noop'], %w[--facts_terminus memory]
    ].freeze

    def initialize
      ServerFacts.leave_out
      Puppet::Pops::Evaluator::DeferredResolver.singleton_class.prepend(Stop)
      Puppet::Node::Facts.indirection.terminus_class = :memory
      SETTINGS.each { |option, value| Puppet.settings.handlearg(option, value) }
    end

    # facts: Puppet::Node::Facts; its name is the node's. Returns a compiled catalog, or
    # nil after an error, which has been logged.
    def compile(code, facts)
      Puppet::Node::Facts.indirection.save(facts)
      Puppet.settings.handlearg('--node_name_value', facts.name)
      application = Puppet::Application::Apply.new(Puppet::Util::CommandLine.new('puppet', ['apply']))
      application.extend(ApplyRun::ToldOptions).code = code
      catch(:compiled) do
        application.run
        nil
      end
    rescue SystemExit
      nil
    end
  end
end
