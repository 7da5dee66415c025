# frozen_string_literal: true

require 'yaml'
require_relative '../compiled/catalog_index'
require_relative '../compiled/comparison'
require_relative '../compiled/expected'
require_relative '../compiled/extra_data'
require_relative '../compiled/order'
require_relative 'compile'

module WarmPuppet
  # Compares the catalog of a manifest with the resources, attributes and relationships
  # that a check's text names. Nothing is looked at or changed on the node.
  class CompiledQuestion
    NEAREST = 5
    # What says an order or steers Puppet, and is no attribute of the resource.
    SKIPPED = Expected::ORDERING.keys.freeze

    # request: "manifest"; "code", the check's text; "facts": of which other machine (as
    # FactSource takes it), or changes to this one's, or nil; "data": Hashes of a "text"
    # in YAML and its "line"; "user".
    def initialize(request, node)
      @request = request
      @emitter = node.emitter
      @facts = facts(request['facts'].to_s.strip, node.facts)
      @elsewhere = !request['facts'].to_s.strip.empty?
      ExtraData.install(data(request['data']))
    end

    def answer
      Reporting.emitter = @emitter
      @catalog = CompileRun.new.compile(@request['manifest'].to_s, @facts)
      exit(1) unless @catalog # what went wrong has been logged

      NodeEnvironment.use do
        Puppet.override({ current_environment: @catalog.environment_instance }, 'For a check') { compare }
      end
    end

    private

    def facts(words, own)
      return own if words.empty? && own
      return OtherMachine.facts_of(*FactSource.find(words, @request['user'])) unless words.empty? || words.match?(/\A[\w.-]+=/)

      raise Questions::Unanswerable, 'the facts of this machine are not known' unless own

      values = Marshal.load(Marshal.dump(own.values))
      FactSource.changed(values, words)
      OtherMachine.facts_of(values['clientcert'].to_s, values)
    end

    def data(lines)
      [lines].flatten.grep(Hash).each_with_object({}) do |line, values|
        found = YAML.safe_load(line['text'].to_s)
        raise Questions::Unanswerable.new('%data takes KEY: VALUE, with a space behind the colon', line: line['line']) unless found.is_a?(Hash)

        values.merge!(found.transform_keys(&:to_s))
      rescue Psych::Exception => e
        raise Questions::Unanswerable.new("%data cannot be read as YAML: #{e.message.lines.first&.strip}", line: line['line'])
      end
    end

    def compare
      Reporting.emitter = OtherMachine::Silence.new
      @expected = read_expected
      @real = real
      @index = CatalogIndex.new(@catalog)
      @order = Order.new(@catalog, @index, automatic)
      @found = @expected.resources.to_h { |one| [one.ref, nearest_match(one)] }
      { certname: Emitter.text(@facts.name, CatalogData::TEXT), catalog: CatalogData.new(@catalog).to_event,
        resources: @expected.resources.map { |one| resource(one) }, relations: @expected.relations.map { |one| relation(one) } }
    end

    def read_expected
      environment = @catalog.environment_instance
      own = Puppet::Node::Environment.create(environment.name, environment.modulepath, Puppet::Node::Environment::NO_MANIFEST)
      Expected.new(@request['code'].to_s, NodeEnvironment.node(@facts, own))
    rescue Puppet::Error, ArgumentError => e
      message = e.respond_to?(:basic_message) ? e.basic_message : e.message
      place = %i[line pos].to_h { |part| [part, e.respond_to?(part) ? e.public_send(part) : nil] }
      issue = e.respond_to?(:issue_code) ? e.issue_code : nil
      raise Questions::Unanswerable.new(Emitter.text(message), issue: issue, **place)
    end

    # The catalog as it would be applied. Facts of another machine do not make its types
    # fit this one, so there it is a help and no more.
    def real
      applied = @catalog.to_resource
      # What is put off until then has no value yet that a type could take.
      applied.resources.each { |one| one.parameters.each { |name, value| one.delete(name) if put_off?(value) } }
      applied.to_ral
    rescue StandardError => e
      return nil if @elsewhere

      Reporting.emitter = @emitter
      Puppet.log_exception(e)
      exit(1)
    end

    def put_off?(value)
      case value
      when Array then value.any? { |one| put_off?(one) }
      when Hash then value.any? { |pair| put_off?(pair) }
      else Literal.deferred?(value)
      end
    end

    def automatic
      return [] unless @real

      whit = Puppet::Type.type(:whit)
      @real.relationship_graph.edges.reject { |edge| edge.source.is_a?(whit) || edge.target.is_a?(whit) }
           .map { |edge| [original(edge.source), original(edge.target), edge.callback == :refresh] }
    rescue StandardError
      []
    end

    def original(real)
      @index.find(real.ref)&.ref || real.ref
    end

    # Of several that a data type matches, the one with the least to find fault with.
    def nearest_match(wanted)
      @index.of(wanted).min_by { |one| faults(wanted, one) }
    end

    def faults(wanted, resource)
      attributes(wanted, resource).count { |one| one[:state] != 'same' }
    end

    def attributes(wanted, resource)
      real = @real&.resource(resource.ref)
      comparison = Comparison.new(resource, real.is_a?(Puppet::Type) && !resource.class? ? real : nil)
      names = wanted.to_hash.keys - SKIPPED - wanted.key_attributes - [:name]
      names &= wanted.parameters.keys
      names.map { |name| comparison.of(name, wanted[name]) }
    end

    def resource(wanted)
      found = @found[wanted.ref]
      told = { ref: text(wanted.ref), type: text(wanted.type), title: text(wanted.title), line: wanted.line }
      return told.merge(found: nil, nearest: alike(wanted)) unless found

      told.merge(found: text(found.ref), attributes: attributes(wanted, found))
    end

    def alike(wanted)
      titles = @index.of_type(wanted.type).reject { |one| housekeeping?(one) }.map { |one| one.title.to_s }
      close = Nearest.names(wanted.title.to_s, titles)
      (close + titles).uniq.first(NEAREST).map { |title| text("#{wanted.type}[#{title}]") }
    end

    def housekeeping?(resource)
      Expected::HOUSEKEEPING.include?(resource.ref)
    end

    def relation(wanted)
      source, target = [wanted.source, wanted.target].map { |ref| (@found[ref] || @index.find(ref))&.ref }
      told = { source: text(source || wanted.source), target: text(target || wanted.target), refresh: wanted.refresh,
               owner: wanted.owner && text(wanted.owner), line: wanted.line,
               missing: [(wanted.source unless source), (wanted.target unless target)].compact.map { |ref| text(ref) } }
      return told.merge(holds: false) unless source && target

      holds = @order.path?(source, target, refresh: wanted.refresh)
      told.merge(holds: holds, **(holds ? {} : instead(source, target, wanted.refresh)))
    end

    # What there is in place of a relationship that does not hold.
    def instead(source, target, refresh)
      { ordered: refresh && @order.path?(source, target), reversed: @order.path?(target, source),
        others: @order.before(target, refresh: refresh).reject { |ref| Expected::HOUSEKEEPING.include?(ref) }
                      .first(NEAREST).map { |ref| text(ref) } }
    end

    def text(value)
      Emitter.text(value, CatalogData::TEXT)
    end
  end

  Questions.add('compiled', facts: true) { |request, node| CompiledQuestion.new(request, node).answer }
end
