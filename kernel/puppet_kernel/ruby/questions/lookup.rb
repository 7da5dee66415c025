# frozen_string_literal: true

require_relative '../hiera/class_parameter'
require_relative '../hiera/hierarchy'
require_relative '../node_environment'
require_relative '../hiera/plain_data'
require_relative 'compile'

module WarmPuppet
  # Tells what Hiera answers for a key, and level by level why.
  class LookupQuestion
    NOT_THERE = Hierarchy::NOT_THERE
    KEYS_LIMIT = 2_000
    REDACTED = '[redacted]'

    # request: "key"; "merge": a strategy's name, or nil for what the data say;
    # "facts": of which other machine, as FactSource takes it, or nil; "user".
    def initialize(request, node)
      @key = Puppet::Pops::Lookup::LookupKey.new(request['key'].to_s)
      @merge = request['merge']
      @facts = request['facts'] ? OtherMachine.facts_of(*FactSource.find(request['facts'].to_s, request['user'])) : node.facts
    end

    def answer
      refuse
      NodeEnvironment.scope(@facts) do |scope, environment|
        @scope = scope
        @hierarchy = Hierarchy.new(scope)
        @levels = @hierarchy.levels(@key.module_name)
        find
        { key: @key.to_s, certname: scope['trusted']['certname'].to_s, environment: environment.name.to_s,
          root: NodeEnvironment.root(environment), config: config?(environment) }.merge(result, strategy, { levels: rows }, parameter, others)
      end
    end

    private

    def refuse
      if @key.root_key == 'lookup_options'
        raise Questions::Unanswerable, 'lookup_options says how keys are looked up and is itself no key; ask for one of those'
      end
      known = Puppet::Pops::MergeStrategy.strategy_keys.map(&:to_s) - ['default']
      return if @merge.nil? || known.include?(@merge)

      raise Questions::Unanswerable, "there is no merge strategy #{@merge}; there are #{known.sort.join(', ')}"
    end

    def config?(environment)
      File.exist?(File.join(NodeEnvironment.root(environment), 'hiera.yaml'))
    end

    # Lets Puppet do the lookup.
    def find
      @value = NOT_THERE
      ask = @hierarchy.invocation
      catch(:no_such_key) { @value = Puppet::Pops::Lookup.search_and_merge(@key.to_s, ask, @merge, false) }
    rescue Puppet::Error => e
      @error = e
    end

    def found?
      !@value.equal?(NOT_THERE)
    end

    def result
      told = { found: found?, error: @error && told_error(@error), sensitive: secret? }
      return told unless found?

      return told.merge(value: REDACTED, type: 'Sensitive') if secret?

      told.merge(value: PlainData.yaml(@value), type: type_of(@value))
    end

    def secret?
      @secret ||= @value.is_a?(Puppet::Pops::Types::PSensitiveType::Sensitive) ||
                  options['convert_to'].to_s.include?('Sensitive') || class_parameter&.sensitive? || false
    end

    def type_of(value)
      type = Puppet::Pops::Types::TypeCalculator.infer(PlainData.of(value))
      # How long its strings happen to be is of no interest.
      Emitter.text(Puppet::Pops::Types::TypeCalculator.generalize(type).to_s.gsub(/String\[\d+, \d+\]/, 'String'), PlainData::SHORT)
    end

    def options
      @options ||= @hierarchy.options(@key)
    rescue Puppet::Error
      @options = {}
    end

    def strategy
      merge = @merge || options['merge'] || 'first'
      name = merge.is_a?(Hash) ? merge['strategy'].to_s : merge.to_s
      @merging = !%w[first default].include?(name)
      { strategy: name, merge: merge.is_a?(Hash) ? PlainData.short(merge) : nil, stated: stated(@merge.nil? && options['merge']),
        convert_to: options['convert_to'] && PlainData.short(options['convert_to']) }
    end

    # Where the strategy is from: the most specific level that states options for the key.
    def stated(asked)
      return nil unless asked || options['convert_to']

      @levels.each do |level|
        name, = @hierarchy.options_at(level, @key)
        return { level: level.name, layer: level.layer, path: level.path, name: name } if name
      end
      nil
    end

    def rows
      taken = false
      rows = @levels.map do |level|
        value = @hierarchy.value(level, @key)
        row = { layer: level.layer, level: level.name, path: level.path, exists: level.exist, function: level.function }
        row = row.merge(state(value, taken, level))
        taken ||= %w[used partial].include?(row[:state])
        row
      end
      rows + @hierarchy.faults.map { |layer, error| { layer: layer, level: 'hiera.yaml', state: 'error', value: told_error(error)[:message] } }
    end

    # taken: whether a more specific level has answered, and no merge is wanted.
    def state(value, taken, level)
      return { state: level.path && !level.exist ? 'no file' : 'no key' } if value.equal?(NOT_THERE)
      return { state: 'error', value: told_error(value)[:message] } if value.is_a?(StandardError)

      part = @hierarchy.part(@key, value)
      shown = part.equal?(NOT_THERE) ? value : part
      told = { value: secret? ? REDACTED : PlainData.short(shown) }
      return told.merge(state: 'default unused') if level.layer == 'module default' && taken

      told.merge(state: name_of(part, taken))
    end

    def name_of(part, taken)
      return part.equal?(NOT_THERE) ? 'lacking' : 'merged' if @merging
      return 'hidden' if taken

      part.equal?(NOT_THERE) ? 'partial' : 'used'
    end

    def class_parameter
      return @class_parameter if defined?(@class_parameter)

      @class_parameter = @key.segments ? nil : ClassParameter.find(@scope, @key.root_key)
    rescue Puppet::Error => e
      @class_fault = told_error(e)
      @class_parameter = nil
    end

    def parameter
      one = class_parameter
      return { parameter: nil, class_fault: @class_fault } unless one

      told = { class: one.class_name, name: one.name, exists: one.exist?, known: one.others }
      return { parameter: told } unless one.exist?

      why = found? ? one.mismatch(@value) : nil
      { parameter: told.merge(type: one.wanted&.to_s, default: one.default?, fits: found? ? why.nil? : nil,
                              why: why && (secret? ? "its value does not fit #{one.wanted}" : Emitter.text(why))) }
    end

    # All keys there are, for one that is not.
    def others
      return {} if found? || @error

      { keys: @levels.flat_map { |level| @hierarchy.keys(level) }.uniq.first(KEYS_LIMIT).map { |key| Emitter.text(key, PlainData::SHORT) } - ['lookup_options'] }
    end

    def told_error(error)
      message = error.respond_to?(:basic_message) ? error.basic_message : error.message
      { message: Emitter.text(message), file: error.respond_to?(:file) ? error.file&.to_s : nil,
        line: error.respond_to?(:line) ? error.line : nil }
    end
  end

  Questions.add('lookup', facts: true) { |request, node| LookupQuestion.new(request, node).answer }
end
