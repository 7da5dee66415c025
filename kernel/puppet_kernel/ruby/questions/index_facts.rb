# frozen_string_literal: true

module WarmPuppet
  # One level of the facts: what lies below a path of keys, or the value that it names.
  module IndexFacts
    MAX_KEYS = 2_000
    MAX_TEXT = 200    # characters of one value in a list
    MAX_VALUE = 4_000 # characters of the value itself

    module_function

    # Returns the value's text and, if it has any, its keys with a short text of each.
    def answer(facts, path)
      value = path.reduce(facts) { |found, key| step(found, key) }
      { found: !value.nil?, value: text(value, MAX_VALUE, pretty: true), kind: kind(value),
        keys: keys(value).first(MAX_KEYS).map { |key, inner| [key, kind(inner), text(inner, MAX_TEXT)] } }
    end

    def step(found, key)
      case found
      when Hash then found[key]
      when Array then key.match?(/\A\d+\z/) ? found[key.to_i] : nil
      end
    end

    def keys(value)
      case value
      when Hash then value.sort_by { |key, _| key.to_s }.map { |key, inner| [key.to_s, inner] }
      when Array then value.each_with_index.map { |inner, index| [index, inner] }
      else []
      end
    end

    def kind(value)
      case value
      when Hash then 'Hash'
      when Array then 'Array'
      when String then 'String'
      when Integer then 'Integer'
      when Float then 'Float'
      when true, false then 'Boolean'
      else 'Undef'
      end
    end

    def text(value, limit, pretty: false)
      string = pretty ? JSON.pretty_generate(value) : JSON.generate(value)
      string.length > limit ? "#{string[0, limit]}…" : string
    end
  end

  Questions.add('index_facts', facts: true) do |request, node|
    path = Array(request['path']).map(&:to_s)
    IndexFacts.answer(node.facts ? node.facts.values : {}, path)
  end
end
