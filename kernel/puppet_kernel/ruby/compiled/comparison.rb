# frozen_string_literal: true

require_relative '../catalog/literal'

module WarmPuppet
  # Compares an attribute of a resource with what a check wants it to be: by value, as
  # the resource's type understands values, or as an instance of a data type.
  class Comparison
    TYPE = Puppet::Pops::Types::PAnyType
    CALCULATOR = Puppet::Pops::Types::TypeCalculator
    ABSENT = %w[absent purged].freeze
    SHORT = 200

    # resource: of the compiled catalog; real: the same as Puppet would apply it, or nil.
    def initialize(resource, real)
      @resource = resource
      @real = real
    end

    # Returns what to tell: state is "same", "unset", "deferred", "differs" (or
    # "unmatched", for a data type); wanted and actual are Puppet code, or nil.
    def of(name, wanted)
      actual = @resource[name]
      actual = sourced if name == :content && actual.nil?
      told = { name: name.to_s, wanted: literal(name, wanted), actual: literal(name, actual.nil? ? default(name) : actual) }
      return told.merge(state: 'deferred') if Literal.deferred?(actual)

      told.merge(state: state(name, wanted, actual))
    end

    private

    def state(name, wanted, actual)
      if wanted.is_a?(TYPE)
        return 'same' if candidates(name, actual).any? { |one| CALCULATOR.instance?(wanted, one) }
      elsif plain(wanted) == plain(actual) || entails?(name, wanted, actual) || munged?(name, wanted)
        return 'same'
      end
      return 'unset' if actual.nil? && default(name).nil?

      wanted.is_a?(TYPE) ? 'unmatched' : 'differs'
    end

    # A value in the ways that a manifest may write it.
    def candidates(name, actual)
      found = [bare(actual)]
      found << default(name) unless default(name).nil?
      found.flat_map do |one|
        case one
        when Symbol, Numeric, true, false then [one, one.to_s, *boolean(one)]
        when String then [one, *number(one), *boolean(one)]
        else [one]
        end
      end
    end

    def number(text)
      text.match?(/\A-?\d+\z/) ? [text.to_i] : []
    end

    def boolean(value)
      { 'true' => [true], 'false' => [false] }.fetch(value.to_s, [])
    end

    # What the attribute is when nobody says anything, or as the type understands it.
    def default(name)
      @defaults ||= {}
      return @defaults[name] if @defaults.key?(name)

      @defaults[name] = understood(@real, name)
    end

    def understood(real, name)
      attribute = real&.parameter(name)
      value = attribute.respond_to?(:should) ? attribute.should : attribute&.value
      value.is_a?(Symbol) ? value.to_s : value
    rescue StandardError
      nil
    end

    # Whether a state is more than what is wanted.
    def entails?(name, wanted, actual)
      return false unless name == :ensure

      is = plain(actual.nil? ? default(name) : actual).to_s
      case plain(wanted).to_s
      when 'present', 'installed' then !is.empty? && !ABSENT.include?(is)
      when 'file' then is == 'present' && %i[content source].any? { |one| @resource[one] }
      when 'absent' then ABSENT.include?(is)
      else false
      end
    end

    # Whether the type makes the same of both values.
    def munged?(name, wanted)
      return false unless @real

      others = @resource.to_hash.reject { |key, _| key == name }
      [others, others.slice(*@resource.key_attributes)].any? do |rest|
        other = variant(rest.merge(name => wanted)) or next
        same?(understood(other, name), default(name))
      end
    end

    def variant(parameters)
      parameters = parameters.reject { |key, _| Puppet::Type.relationship_params.map(&:name).include?(key) }
      Puppet::Resource.new(@resource.type, @resource.title, parameters: parameters).to_ral
    rescue StandardError
      nil # a value that the type refuses is no value it has
    end

    def same?(one, other)
      return false if one.nil?

      one == other || (one.is_a?(Array) && other.is_a?(Array) && one.map(&:to_s).sort == other.map(&:to_s).sort)
    end

    # The content that a file gets from a module or from the machine itself.
    def sourced
      source = [@resource[:source]].flatten.first
      return nil unless @resource.type == 'File' && source.is_a?(String)

      Puppet::FileServing::Content.indirection.find(source, environment: Puppet.lookup(:current_environment))&.content
                                  &.dup&.force_encoding(Encoding::UTF_8)
    rescue StandardError
      nil
    end

    def bare(value)
      case value
      when Puppet::Pops::Types::PSensitiveType::Sensitive then bare(value.unwrap)
      when Array then value.map { |one| bare(one) }
      when Puppet::Resource then value.ref
      else value
      end
    end

    def plain(value)
      case value
      when Puppet::Pops::Types::PSensitiveType::Sensitive then plain(value.unwrap)
      when Array then value.size == 1 ? plain(value.first) : value.map { |one| plain(one) }
      when Hash then value.to_h { |key, one| [plain(key), plain(one)] }
      when Puppet::Resource then value.ref
      when nil, :undef then nil
      else value.to_s
      end
    end

    def literal(name, value)
      return nil if value.nil?
      return Literal::REDACTED if @resource.sensitive_parameters.include?(name)

      value.is_a?(TYPE) ? Emitter.text(value.to_s, Literal::TEXT_LIMIT) : Literal.write(value)
    end
  end
end
