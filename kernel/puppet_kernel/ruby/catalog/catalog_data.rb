# frozen_string_literal: true

require_relative '../emitter'
require_relative 'literal'

module WarmPuppet
  # Tells a compiled catalog as plain data, within limits: what it holds is up to the
  # author of a manifest.
  class CatalogData
    RESOURCES = 500
    PARAMETERS = 60      # of one resource
    EDGES = 2_000
    CLASSES = 200
    TEXT = 400           # characters of a title or a path
    BYTES = 400_000      # all parameters together
    # The parameters that say an order, and whether their resource comes first.
    ORDERING = {
      before: %w[before first], notify: %w[notify first],
      require: %w[before last], subscribe: %w[notify last]
    }.freeze
    HOUSEKEEPING = %w[Stage[main] Class[Settings] Class[main]].freeze
    # Which node block was taken, under a name that is Puppet's own.
    NODE_BLOCK = /\ANode\[/

    # catalog: a Puppet::Resource::Catalog of Puppet::Resource, as it was compiled.
    def initialize(catalog)
      @catalog = catalog
      all = catalog.resources.reject { |resource| housekeeping?(resource.ref) }
      @resources = all.first(RESOURCES)
      @left = all.size - @resources.size
      @known = @resources.flat_map { |resource| names(resource).map { |ref| [ref, resource.ref] } }.reverse.to_h
      @bytes = 0
    end

    # automatic: pairs of references, the first of which Puppet put before the other.
    def to_event(automatic = [])
      edges = stated
      said = edges.to_h { |source, target,| [[source, target], true] }
      automatic.each do |source, target|
        pair = [source, target].map { |ref| resolve(ref) }
        edges << [*pair, 'auto', ''] if pair.all? && !said[pair]
      end
      {
        ev: 'catalog', name: text(@catalog.name), environment: text(@catalog.environment),
        classes: (@catalog.classes - %w[settings]).first(CLASSES).map { |name| text(name) },
        resources: @resources.map { |resource| tell(resource) },
        edges: edges.first(EDGES).map { |edge| edge.map { |part| text(part) } },
        left_out: { resources: @left, edges: [edges.size - EDGES, 0].max }
      }
    end

    private

    def tell(resource)
      file, line = place(resource)
      {
        ref: text(resource.ref), type: text(resource.type), title: text(resource.title),
        file: file.to_s.empty? ? nil : text(file), line: line,
        in: container(resource), exported: resource.exported ? true : false,
        parameters: stated_parameters(resource).map { |name, value| parameter(resource, name, value) }
      }.compact
    end

    # A class that was included stands where it is defined.
    def place(resource)
      return [resource.file, resource.line] unless resource.class? && resource.line.nil?

      defined = @catalog.environment_instance&.known_resource_types&.hostclass(resource.title.downcase)
      [defined&.file, defined&.line]
    end

    # Without the name, which Puppet adds to those that the manifest states.
    def stated_parameters(resource)
      resource.parameters.reject { |key, value| [:name, key_of(resource)].include?(key) && value == resource.title }
              .first(PARAMETERS)
    end

    def parameter(resource, name, value)
      told = if resource.sensitive_parameters.include?(name.to_sym) then Literal::REDACTED
             elsif @bytes > BYTES then '…'
             elsif ORDERING.key?(name.to_sym) then Literal.references(value)
             else Literal.write(value)
             end
      @bytes += told.bytesize
      [text(name), told]
    end

    def housekeeping?(ref)
      HOUSEKEEPING.include?(ref) || NODE_BLOCK.match?(ref)
    end

    # A class can be in several places; the one that contains it is told.
    def container(resource)
      around = @catalog.adjacent(resource, direction: :in).map(&:ref)
      found = around.find { |ref| !housekeeping?(ref) }
      found && text(found)
    end

    # Everything that is before or notifies something because the manifest says so.
    def stated
      @resources.flat_map do |resource|
        ORDERING.flat_map do |name, (kind, place)|
          others(resource[name]).map do |other|
            pair = place == 'first' ? [resource.ref, other] : [other, resource.ref]
            [*pair, kind, name.to_s]
          end
        end
      end.uniq
    end

    def others(value)
      [value].flatten.map { |other| resolve(other.respond_to?(:ref) ? other.ref : other.to_s) }.compact
    end

    # The references that a resource can be called by; its own is the first.
    def names(resource)
      others = [resource[:alias], resource[key_of(resource)]].flatten.grep(String)
      [resource.ref, *others.map { |name| "#{resource.type}[#{name}]" }]
    end

    # The reference by which the catalog calls a resource that has several.
    def resolve(ref)
      @known[ref] || @known[ref.sub(%r{(?<=.)/\]\z}, ']')]
    end

    def key_of(resource)
      type = resource.resource_type
      type.respond_to?(:key_attributes) && type.key_attributes.size == 1 ? type.key_attributes.first : :name
    end

    def text(value)
      Emitter.text(value, TEXT)
    end
  end
end
