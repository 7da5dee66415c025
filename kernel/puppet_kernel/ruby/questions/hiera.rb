# frozen_string_literal: true

require_relative '../hiera/class_parameter'
require_relative '../files/file_checks'
require_relative '../files/file_writer'
require_relative '../hiera/hiera_choice'
require_relative '../node_environment'
require_relative '../hiera/plain_data'
require_relative 'file'

module WarmPuppet
  # Writes a level's data, and tells where in the hierarchy it stands.
  class HieraQuestion
    KEY_LIMIT = 500 # keys of one file that are compared with other levels
    TOLD_LIMIT = 100

    # request: "level", "code" (nil: only look at what is there), "user".
    def initialize(request, node)
      @request = request
      @facts = node.facts
      @account = Account.find(request['user'])
    end

    def answer
      @chosen = NodeEnvironment.scope(@facts) do |scope, environment|
        @root = NodeEnvironment.root(environment)
        HieraChoice.new(scope, environment, @root).find(@request['level'].to_s)
      end
      return about.merge(look, hierarchy({})) unless @request['code']

      write
    rescue HieraChoice::Unknown => e
      { unknown: e.message, known: e.known }
    rescue FileWriter::Refused, ArgumentError => e
      raise Questions::Unanswerable, e.message
    end

    private

    def about
      { path: @chosen.path, level: @chosen.name, here: @chosen.here, kind: kind, root: @root,
        config: File.exist?(File.join(@root, 'hiera.yaml')) }
    end

    def kind
      @chosen.function == 'json_data' ? 'JSON' : 'YAML'
    end

    def look
      text = FileWriter.new(@chosen.path, '').look(@account)['text']
      return { exists: false, text: nil } unless text

      { exists: true, text: Emitter.text(text.dup.force_encoding(Encoding::UTF_8), Emitter::DIFF_LIMIT) }
    end

    def write
      faults, data = FileChecks.read(@request['code'], kind)
      faults += mapping(data) if faults.none?(&:error?)
      told = about.merge(problems: faults.map { |fault| FileQuestion.text_of(fault) })
      return told if faults.any?(&:error?)

      data ||= {}
      before = present
      done = FileWriter.new(@chosen.path, @request['code']).write(@account)
      told.merge(done, keys(before, data), hierarchy(data))
    end

    # A level holds keys and values; nothing at all is fine as well.
    def mapping(data)
      return keys_of(data) if data.is_a?(Hash)
      return [] unless data

      hint = data.is_a?(String) && data =~ /\w:\S/ ? 'a space stands behind the colon: key: value' : 'key: value'
      what = data.is_a?(Array) ? 'a list' : 'a single value'
      [FileChecks::Fault.error("a level holds keys and values at its top, and this is #{what}", line: 1, hint: hint)]
    end

    # Warns of keys that nobody will find.
    def keys_of(data)
      data.keys.first(KEY_LIMIT).map(&:to_s).filter_map do |key|
        if /\A\w+:\w/.match?(key)
          hint = "a class and its parameter are joined by two: #{key.sub(':', '::')}"
          FileChecks::Fault.warning("the key #{key} has one colon", line: line_of(key), hint: hint)
        elsif key.include?('.')
          hint = "look it up as \"'#{key}'\", or use another name"
          FileChecks::Fault.warning("lookup('#{key}') does not find this key: a dot leads into a value", line: line_of(key), hint: hint)
        end
      end
    end

    def line_of(key)
      index = @request['code'].split("\n").index { |line| line =~ /\A[\s{,]*['"]?#{Regexp.escape(key)}['"]?\s*:/ }
      index && (index + 1)
    end

    def present
      text = FileWriter.new(@chosen.path, '').look(@account)['text'].to_s.dup.force_encoding(Encoding::UTF_8)
      data = FileChecks.read(text, kind).last
      data.is_a?(Hash) ? data : {}
    rescue FileWriter::Refused
      {}
    end

    def keys(before, after)
      same = before.keys & after.keys
      found = { added: after.keys - before.keys, removed: before.keys - after.keys,
                altered: same.reject { |key| before[key] == after[key] } }
      found.transform_values { |keys| names(keys) }.merge(counts: found.transform_values(&:size))
    end

    def names(keys)
      keys.first(TOLD_LIMIT).map { |key| Emitter.text(key, PlainData::SHORT) }
    end

    # As it is now, with the file written.
    def hierarchy(data)
      NodeEnvironment.scope(@facts) do |scope, _environment|
        hierarchy = Hierarchy.new(scope)
        levels = hierarchy.levels
        above = levels.take_while { |level| level.path != @chosen.path }
        above = [] if above.size == levels.size
        { hierarchy: levels.map { |level| row(level) }, hidden: hidden(hierarchy, above, data), unfit: unfit(scope, data) }
      end
    end

    def row(level)
      { layer: level.layer, name: level.name, path: level.path, exists: level.path.nil? || File.exist?(level.path),
        written: level.path == @chosen.path }
    end

    def hidden(hierarchy, above, data)
      each_key(data) do |name, key|
        next if hierarchy.options(key)['merge'] && hierarchy.options(key)['merge'] != 'first'

        level = above.find { |one| there?(hierarchy.value(one, key)) }
        level && { key: name, level: level.name, path: level.path }
      end
    end

    def there?(value)
      !value.equal?(Hierarchy::NOT_THERE) && !value.is_a?(StandardError)
    end

    # Values that a class would refuse, by the key.
    def unfit(scope, data)
      each_key(data) do |name, _|
        next unless name.include?('::')

        parameter = ClassParameter.find(scope, name)
        value = data[name]
        # What is interpolated is known only when it is looked up.
        next if parameter.nil? || value.to_s.include?('%{')

        why = parameter.exist? ? parameter.mismatch(value) : "the class #{parameter.class_name} has no parameter #{parameter.name}"
        why && !parameter.sensitive? && { key: name, why: Emitter.text(why), known: parameter.exist? ? [] : parameter.others }
      end
    end

    def each_key(data)
      data.keys.first(KEY_LIMIT).filter_map do |name|
        next if name.to_s == 'lookup_options'

        quoted = name.to_s.include?('.') ? "'#{name}'" : name.to_s
        yield name.to_s, Puppet::Pops::Lookup::LookupKey.new(quoted)
      rescue Puppet::Error
        nil
      end.first(TOLD_LIMIT)
    end
  end

  Questions.add('hiera', facts: true) { |request, node| HieraQuestion.new(request, node).answer }
end
