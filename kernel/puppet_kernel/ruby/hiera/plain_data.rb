# frozen_string_literal: true

require 'psych'
require_relative '../emitter'
require_relative '../catalog/literal'

module WarmPuppet
  # Copies looked up values into plain ones of a limited size: with aliases, a small file
  # can hold more data than a machine.
  module PlainData
    NODE_LIMIT = 5_000
    TEXT_LIMIT = 16_384
    SHORT = 300 # characters of a value in a table

    module_function

    def of(value, budget = [NODE_LIMIT])
      return '…' if (budget[0] -= 1).negative?

      case value
      when Hash then value.first(budget[0]).to_h { |key, item| [of(key, budget), of(item, budget)] }
      when Array then value.first(budget[0]).map { |item| of(item, budget) }
      when String then Emitter.text(value, TEXT_LIMIT)
      when Integer, Float, true, false, nil then value
      else Literal.write(value)
      end
    end

    def yaml(value)
      Psych.dump(of(value), line_width: 100).sub(/\A--- ?\n?/, '').sub(/\n\.\.\.\n\z/, "\n")
    end

    # One line of Puppet code.
    def short(value)
      Emitter.text(Literal.write(of(value)), SHORT)
    end
  end
end
