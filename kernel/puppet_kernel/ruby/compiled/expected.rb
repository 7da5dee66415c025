# frozen_string_literal: true

module WarmPuppet
  # The resources and relationships that a check's text names. It is evaluated as Puppet
  # evaluates a manifest, but nothing has to exist: classes and defined types of others
  # are taken as they are named and not looked into, and the ends of a relationship need
  # not be declared.
  class Expected
    # source, target: references; refresh: whether it notifies; owner: the reference of
    # the resource that it is written in, or nil.
    Relation = Struct.new(:source, :target, :refresh, :line, :owner, keyword_init: true)
    # The parameters that say an order: whether they notify, and whether their own
    # resource comes first.
    ORDERING = { before: [false, true], notify: [true, true], require: [false, false], subscribe: [true, false] }.freeze
    HOUSEKEEPING = %w[Stage[main] Class[Settings] Class[Main] Class[main]].freeze

    # Part of every resource: a class or a defined type that is only named has no code.
    module Named
      def evaluate
        return super unless Anything.stub?(resource_type)

        @evaluated = true
      end

      # What a defined type takes is its author's to say.
      def finish(do_validate = true)
        super(do_validate && builtin_type?)
      end
    end

    # Part of the known types: what was only named once is found again.
    module Remembered
      attr_accessor :loader

      def hostclass(name)
        super || loader.known(:hostclass, name)
      end

      def definition(name)
        super || loader.known(:definition, name)
      end
    end

    # Stands where Puppet looks for classes and defined types in modules.
    class Anything
      @stubs = {}.compare_by_identity

      class << self
        attr_reader :stubs

        def stub?(type)
          @stubs.key?(type)
        end
      end

      def initialize(types)
        @types = types
        @known = {}
      end

      def known(kind, name)
        @known[[kind, name.to_s.downcase.delete_prefix('::')]]
      end

      def try_load_fqname(kind, name)
        return nil if name.to_s.empty?

        @known[[kind, name]] ||= Puppet::Resource::Type.new(kind, name).tap do |type|
          type.resource_type_collection = @types
          Anything.stubs[type] = true
        end
      end
    end

    # Tells which line an arrow stands on.
    module Arrows
      def evaluate(operands, expression, scope)
        scope.compiler.arrow_line = expression.line if scope.compiler.respond_to?(:arrow_line=)
        super
      end
    end

    # A compiler that keeps relationships instead of looking for their ends.
    class Compiler < Puppet::Parser::Compiler
      attr_accessor :arrow_line

      def arrows
        @arrows ||= []
      end

      def add_relationship(relationship)
        arrows << [relationship, arrow_line]
      end

      def evaluate_relationships; end

      def validate_catalog(_stage); end

      def fail_on_unevaluated; end
    end

    attr_reader :resources, :relations

    # code: the check's text; node: a Puppet::Node with its facts. Raises Puppet::Error.
    def initialize(code, node)
      compiler = compile(code, node)
      @resources = compiler.catalog.resources.reject { |one| HOUSEKEEPING.include?(one.ref) || one.stage? }
      @relations = (@resources.flat_map { |one| stated(one) } + compiler.arrows.flat_map { |one| arrow(*one) })
                   .uniq { |one| [one.source, one.target, one.refresh] }
    end

    private

    def compile(code, node)
      Puppet::Parser::Resource.prepend(Named)
      Puppet::Pops::Evaluator::RelationshipOperator.prepend(Arrows)
      Puppet[:code] = code
      types = node.environment.known_resource_types
      types.extend(Remembered).loader = Anything.new(types)
      Compiler.new(node).tap(&:compile)
    end

    def stated(resource)
      ORDERING.flat_map do |name, (refresh, first)|
        [resource[name]].flatten.compact.map do |other|
          other = other.respond_to?(:ref) ? other.ref : other.to_s
          source, target = first ? [resource.ref, other] : [other, resource.ref]
          Relation.new(source: source, target: target, refresh: refresh, line: resource.line, owner: resource.ref)
        end
      end
    end

    def arrow(relationship, line)
      ends = [[relationship.source, true], [relationship.target, false]].map do |side, left|
        relationship.arrayify(side, left).map { |one| reference(one) }
      end
      ends.first.product(ends.last).map do |source, target|
        Relation.new(source: source, target: target, refresh: relationship.type == :subscription, line: line)
      end
    end

    def reference(side)
      found = case side
              when Puppet::Resource then side
              when Puppet::Pops::Types::PResourceType then side.title && Puppet::Resource.new(side.type_name, side.title)
              when Puppet::Pops::Types::PClassType then side.class_name && Puppet::Resource.new('Class', side.class_name)
              when String then Puppet::Resource.new(side)
              end
      raise Puppet::Error, "#{side} names no single resource; write it with a title" if found.nil? || found.title.to_s.empty?

      found.ref
    end
  end
end
