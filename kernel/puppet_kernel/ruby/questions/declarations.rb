# frozen_string_literal: true

module WarmPuppet
  # Tells what a text would bring into a manifest that can be there only once. Reads the
  # text with Puppet's own parser and evaluates nothing, so it knows literal names only.
  module Declarations
    LIMIT = 2_000 # of one text
    TEXTS = 1_000
    MODEL = Puppet::Pops::Model
    # What has variables of its own.
    SCOPES = [
      MODEL::LambdaExpression, MODEL::HostClassDefinition, MODEL::ResourceTypeDefinition, MODEL::FunctionDefinition,
      MODEL::PlanDefinition, MODEL::NodeDefinition
    ].freeze
    INCLUDING = %w[include contain require].freeze

    module_function

    def of(text)
      found = { claims: [], uses: [] }
      walk(Puppet::Pops::Parser::EvaluatingParser.new.parse_string(text, nil), found, true)
      { ok: true, claims: found[:claims].uniq.first(LIMIT), uses: found[:uses].uniq.first(LIMIT) }
    rescue Puppet::Error => e
      message = e.respond_to?(:basic_message) ? e.basic_message : e.message
      { ok: false, message: Emitter.text(message, LIMIT), line: e.respond_to?(:line) ? e.line : nil }
    rescue StandardError, SystemStackError => e
      { ok: false, message: Emitter.text(e.message, LIMIT), line: nil }
    end

    # claims: what would clash with itself; uses: what would clash with a later claim.
    # top: whether variables that are set here are the manifest's own.
    def walk(node, found, top)
      found[:claims].concat(claims(node, top))
      found[:uses].concat(uses(node))
      inner = top && SCOPES.none? { |scope| node.is_a?(scope) }
      node._pcore_contents { |child| walk(child, found, inner) }
    end

    def claims(node, top)
      case node
      when MODEL::ResourceExpression then resources(node)
      when MODEL::AssignmentExpression then top ? variables(node.left_expr) : []
      when MODEL::ResourceDefaultsExpression then defaults(node)
      when MODEL::NodeDefinition then node.host_matches.flat_map { |name| named('node', name) }
      when MODEL::HostClassDefinition, MODEL::ResourceTypeDefinition, MODEL::PlanDefinition
        [['definition', plain(node.name)]]
      when MODEL::FunctionDefinition then [['function', plain(node.name)]]
      when MODEL::TypeAlias then [['type', plain(node.name)]]
      else []
      end
    end

    def uses(node)
      return [] unless node.is_a?(MODEL::CallNamedFunctionExpression)
      return [] unless literals(node.functor_expr).any? { |name| INCLUDING.include?(name) }

      node.arguments.flat_map { |argument| literals(argument).map { |name| ['class', plain(name)] } }
    end

    def resources(node)
      type = literals(node.type_name).first
      return [] unless type

      titles = node.bodies.map(&:title).grep_v(MODEL::LiteralDefault)
      titles.flat_map { |title| literals(title) }.map do |title|
        next ['class', plain(title)] if type == 'class'

        # A folder with and without a slash at its end is one resource.
        title = title.sub(%r{(?<=.)/+\z}, '') if plain(type) == 'file'
        [plain(type), title]
      end
    end

    def variables(left)
      case left
      when MODEL::VariableExpression then named('variable', left.expr)
      when MODEL::LiteralList then left.values.flat_map { |value| variables(value) }
      else []
      end
    end

    def defaults(node)
      type = literals(node.type_ref).first
      return [] unless type

      node.operations.select { |operation| operation.respond_to?(:attribute_name) }
          .map { |operation| ['default', "#{plain(type)} #{operation.attribute_name}"] }
    end

    def named(kind, expression)
      literals(expression).map { |name| [kind, name] }
    end

    # The texts that an expression surely stands for.
    def literals(expression)
      case expression
      when MODEL::LiteralString, MODEL::QualifiedName then [expression.value]
      when MODEL::QualifiedReference then [expression.cased_value]
      when MODEL::LiteralDefault then ['default']
      when MODEL::LiteralList then expression.values.flat_map { |value| literals(value) }
      when MODEL::ConcatenatedString
        whole = expression.segments.all?(MODEL::LiteralString)
        whole ? [expression.segments.map(&:value).join] : []
      else []
      end
    end

    def plain(name)
      name.to_s.downcase.delete_prefix('::')
    end
  end

  Questions.add('declarations') do |request, _node|
    texts = request['codes'].is_a?(Array) ? request['codes'].first(Declarations::TEXTS) : []
    { texts: texts.map { |text| Declarations.of(text.to_s) } }
  end
end
