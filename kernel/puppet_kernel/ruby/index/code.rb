# frozen_string_literal: true

module WarmPuppet
  module Index
    # What Puppet code defines: parameters, with their types, values and defaults, and
    # the comment above. Parses, evaluates nothing.
    class Code
      Model = Puppet::Pops::Model
      Types = Puppet::Pops::Types
      KINDS = {
        Model::HostClassDefinition => 'class', Model::ResourceTypeDefinition => 'define',
        Model::FunctionDefinition => 'function', Model::TypeAlias => 'alias'
      }.freeze
      MAX_TEXT = 300
      MAX_DEPTH = 10

      def initialize(text, file, loader)
        @text = text
        @file = file
        @loader = loader
      end

      # Returns the description of one definition, or nil.
      def describe(name)
        definition = definitions.find { |known| known.name.casecmp?(name) }
        return nil unless definition

        { kind: KINDS.fetch(definition.class), name: definition.name, doc: comment_above(definition),
          file: @file, line: definition.line, parent: parent(definition),
          returns: returns(definition), text: alias_text(definition),
          parameters: parameters(definition) }.compact
      end

      private

      def definitions
        program = Puppet::Pops::Parser::Parser.new.parse_string(@text, @file).model
        program.definitions.select { |known| KINDS.key?(known.class) }
      end

      def parent(definition)
        definition.parent_class if definition.respond_to?(:parent_class)
      end

      def returns(definition)
        text_of(definition.return_type) if definition.respond_to?(:return_type)
      end

      def alias_text(definition)
        return nil unless definition.is_a?(Model::TypeAlias)

        # Puppet does not keep where the right side stands; nothing else is in the file.
        cut(@text[/^\s*type\s+#{Regexp.escape(definition.name)}\s*=\s*(.*)/mi, 1].to_s.strip)
      end

      def parameters(definition)
        return nil unless definition.respond_to?(:parameters)

        definition.parameters.map do |parameter|
          { name: parameter.name, type: text_of(parameter.type_expr), default: text_of(parameter.value),
            required: parameter.value.nil?, rest: parameter.captures_rest,
            values: values_of(parameter.type_expr) }
        end
      end

      def text_of(expression)
        return nil if expression.nil?

        cut(expression.locator.extract_text(expression.offset, expression.length))
      end

      def cut(text)
        text.length > MAX_TEXT ? "#{text[0, MAX_TEXT]}…" : text
      end

      # The values of an enumerated type, as they would be written; aliases are resolved.
      def values_of(expression)
        return [] if expression.nil?

        enumerate(Types::TypeParser.singleton.interpret(expression, @loader), MAX_DEPTH).uniq
      rescue Puppet::Error, StandardError
        [] # a type that does not exist has no values
      end

      def enumerate(type, depth)
        return [] if depth.zero?

        case type
        when Types::PEnumType then type.values.map { |value| "'#{value}'" }
        when Types::PBooleanType then type.value.nil? ? %w[true false] : [type.value.to_s]
        when Types::PStringType then type.value.nil? ? [] : ["'#{type.value}'"]
        when Types::POptionalType, Types::PNotUndefType then type.type ? enumerate(type.type, depth - 1) : []
        when Types::PVariantType then type.types.flat_map { |inner| enumerate(inner, depth - 1) }
        when Types::PTypeAliasType then enumerate(type.resolved_type, depth - 1)
        else []
        end
      end

      def comment_above(definition)
        lines = @text.lines.first([definition.line - 1, 0].max)
        comment = lines.reverse.take_while { |line| line.match?(/\A\s*#/) }.reverse
        comment.map { |line| line.sub(/\A\s*# ?/, '').chomp }.join("\n")
      end
    end
  end
end
