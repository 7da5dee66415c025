# frozen_string_literal: true

module WarmPuppet
  module Index
    # What a resource type written in Ruby says of itself and of its attributes.
    class Types
      NAMED = { property: 'property', param: 'parameter', meta: 'metaparameter' }.freeze

      # Returns the description of a type, or nil if there is none of this name.
      def describe(name)
        type = Puppet::Type.type(name.to_s.downcase.to_sym)
        return nil unless type

        { kind: 'type', name: type.name.to_s, doc: text(type.doc), attributes: attributes(type) }
      end

      # The names of a type's providers; those that work on this node come first.
      def providers(name)
        type = Puppet::Type.type(name.to_s.downcase.to_sym)
        return [] unless type

        known = type.providers.sort
        suitable = known.select { |provider| suitable?(type, provider) }
        { suitable: suitable.map(&:to_s), others: (known - suitable).map(&:to_s) }
      end

      private

      def suitable?(type, provider)
        type.provider(provider).suitable?
      rescue StandardError, ScriptError
        false
      end

      def attributes(type)
        names = type.allattrs
        # Found by another way than the other metaparameters, and missing there.
        names |= Puppet::Type.metaparams
        names.filter_map { |name| attribute(type, name) }
      end

      def attribute(type, name)
        known = type.attrclass(name)
        return nil unless known

        { name: name.to_s, kind: NAMED.fetch(type.attrtype(name), 'parameter'), doc: text(known.doc),
          values: values(known), default: default(known),
          namevar: type.key_attributes.include?(name), features: features(known) }.compact
      end

      def values(known)
        return %w[true false] if known <= Puppet::Parameter::Boolean

        # The collection itself tells no aliases, such as package's "installed".
        strings = known.value_collection.instance_variable_get(:@strings) || []
        strings.flat_map { |value| [value.name, *value.aliases] }.map(&:to_s).uniq
      end

      # Many defaults are figured out from the resource or the node; only those that
      # need neither can be told.
      def default(known)
        return nil unless known.method_defined?(:default)

        value = known.allocate.default
        value.to_s if [String, Symbol, Numeric, TrueClass, FalseClass].any? { |kind| value.is_a?(kind) }
      rescue StandardError, ScriptError
        nil
      end

      def features(known)
        return nil unless known.respond_to?(:required_features)

        names = Array(known.required_features).map(&:to_s)
        names unless names.empty?
      end

      def text(doc)
        Puppet::Util::Docs.scrub(doc.to_s)
      end
    end
  end
end
