# frozen_string_literal: true

require_relative '../emitter'

module WarmPuppet
  # Writes values as Puppet code, within limits, and never what is sensitive.
  module Literal
    STRING_LIMIT = 2_000 # characters of one string
    ITEM_LIMIT = 50      # items of one array or hash
    DEPTH_LIMIT = 6
    TEXT_LIMIT = 8_000   # characters of one value
    REDACTED = 'Sensitive([redacted])'
    ESCAPES = { "\n" => '\n', "\t" => '\t', "\r" => '\r', '"' => '\"', '\\' => '\\\\', '$' => '\$' }.freeze
    UNPRINTABLE = /[\x00-\x1f\x7f]/.freeze

    module_function

    def write(value)
      Emitter.text(any(value, 0), TEXT_LIMIT)
    end

    def any(value, depth)
      return '…' if depth > DEPTH_LIMIT

      case value
      when nil, :undef then 'undef'
      when true, false, Numeric then value.to_s
      when :default then 'default'
      when String, Symbol then string(value.to_s)
      when Array then "[#{items(value, depth)}]"
      when Hash then "{ #{items(value, depth)} }".sub('{  }', '{}')
      when Puppet::Resource then reference(value.ref)
      else object(value, depth)
      end
    end

    # What `require` and its like hold, however it was written.
    def references(value)
      told = [value].flatten.first(ITEM_LIMIT).map { |one| reference(one.respond_to?(:ref) ? one.ref : one) }
      Emitter.text(told.size == 1 ? told.first : "[#{told.join(', ')}]", TEXT_LIMIT)
    end

    # "File[/etc/motd]" as File['/etc/motd'].
    def reference(ref)
      type, title = ref.to_s.split('[', 2)
      title ? "#{type}[#{string(title.chomp(']'))}]" : type
    end

    def string(value)
      text = Emitter.text(value, STRING_LIMIT)
      return "'#{text.gsub(/(\\+)(?='|\z)|'/) { |found| found == "'" ? "\\'" : found * 2 }}'" unless text =~ UNPRINTABLE

      escaped = text.gsub(/[\n\t\r"\\$]/, ESCAPES)
      "\"#{escaped.gsub(UNPRINTABLE) { |char| format('\u{%<code>x}', code: char.ord) }}\""
    end

    def items(values, depth)
      told = values.first(ITEM_LIMIT).map do |item|
        next any(item, depth + 1) unless values.is_a?(Hash)

        key, value = item
        "#{any(key, depth + 1)} => #{any(value, depth + 1)}"
      end
      left = values.size - told.size
      told << "… #{left} more" if left.positive?
      told.join(', ')
    end

    # A Deferred has not been called, and a Sensitive is nobody's business.
    def object(value, depth)
      return REDACTED if value.is_a?(Puppet::Pops::Types::PSensitiveType::Sensitive)
      return value.to_s unless deferred?(value)

      arguments = value.arguments.to_a
      "Deferred(#{[string(value.name), *(any(arguments, depth + 1) unless arguments.empty?)].join(', ')})"
    end

    def deferred?(value)
      value.respond_to?(:_pcore_type) && value._pcore_type.name == 'Deferred' && value.respond_to?(:arguments)
    end
  end
end
