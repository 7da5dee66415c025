# frozen_string_literal: true

require_relative '../catalog/catalog_data'
require_relative '../run/compile_run'
require_relative '../facts/fact_source'
require_relative '../run/reporting'

module WarmPuppet
  # Compiles a cell for another machine, and for this one to see what differs.
  module OtherMachine
    # Facts by which a reader knows a machine.
    TOLD = %w[os.name os.release.full os.family os.architecture kernel networking.fqdn].freeze

    # Hears what is logged while this node's catalog is compiled: it was told before.
    class Silence
      def emit(_event); end

      def log(_event, error:); end
    end

    module_function

    def answer(request, node)
      name, values = FactSource.find(request['facts'].to_s, request['user'])
      facts = facts_of(name, values)
      Reporting.emitter = node.emitter
      run = CompileRun.new
      catalog = run.compile(request['code'].to_s, facts)
      exit(1) unless catalog # what went wrong has been logged

      { machine: told(name, facts.values), catalog: CatalogData.new(catalog).to_event,
        here: here(run, request['code'].to_s, node.facts) }
    end

    # What Puppet itself adds to a node's facts, as the certificate's name.
    def facts_of(name, values)
      certname = (fact(values, 'networking.fqdn') || values['clientcert'] || name).to_s.downcase
      own = { 'clientcert' => certname, 'clientversion' => Puppet.version.to_s, 'clientnoop' => false,
              'puppetversion' => Puppet.version.to_s, 'facterversion' => Facter.version.to_s }
      Puppet::Node::Facts.new(certname, own.merge(values, 'clientcert' => certname))
    end

    def told(name, values)
      facts = TOLD.to_h { |path| [path, fact(values, path)] }.compact
      { name: Emitter.text(name, CatalogData::TEXT),
        facts: facts.transform_values { |value| Emitter.text(value, CatalogData::TEXT) } }
    end

    # nil also where somebody's file has something else than a hash on the way.
    def fact(values, path)
      path.split('.').reduce(values) { |found, key| found.is_a?(Hash) ? found[key] : nil }
    end

    # nil if the manifest does not compile for this node, or nobody knows its facts.
    def here(run, code, facts)
      return unless facts

      Reporting.emitter = Silence.new
      catalog = run.compile(code, facts)
      catalog && CatalogData.new(catalog).to_event
    end
  end

  Questions.add('compile', facts: true) { |request, node| OtherMachine.answer(request, node) }
end
