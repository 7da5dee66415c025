# frozen_string_literal: true

require_relative 'hierarchy'

module WarmPuppet
  # Finds the data file that somebody means by a level's name or by a file's.
  class HieraChoice
    # function: "yaml_data" or "json_data". here: whether this node reads the file.
    Chosen = Struct.new(:path, :name, :function, :here, keyword_init: true)
    Entry = Struct.new(:name, :datadir, :patterns, :function, :levels, keyword_init: true) do
      def file?
        %w[yaml_data json_data].include?(function)
      end
    end
    # What somebody may have meant; not found.
    class Unknown < StandardError
      attr_reader :known

      def initialize(message, known)
        super(message)
        @known = known
      end
    end

    ENDING = /\.(?:ya?ml|eyaml|json)\z/.freeze
    ENCRYPTED = 'its values are encrypted, and only `eyaml edit` in a terminal can write them'

    attr_reader :root

    # root: the environment's folder, which need not exist.
    def initialize(scope, environment, root)
      @root = root
      @levels = Hierarchy.new(scope).then do |hierarchy|
        found = hierarchy.environment
        hierarchy.faults.each { |_, error| broken(error) }
        found
      end
      @config = raw(scope, environment)
    end

    # Returns what is Chosen. Raises Unknown, or Questions::Unanswerable.
    def find(wanted)
      by_name(wanted) || by_file(wanted) ||
        raise(Unknown.new("there is no level #{wanted} in the hierarchy of #{@root}", names))
    end

    def config_file
      File.join(@root, 'hiera.yaml')
    end

    private

    def broken(error)
      message = error.respond_to?(:basic_message) ? error.basic_message : error.message
      raise Questions::Unanswerable.new("Hiera cannot be used: #{message}; mend it with %%file hiera.yaml",
                                        file: config_file, line: error.respond_to?(:line) ? error.line : nil)
    end

    def names
      entries.flat_map { |entry| [entry.name, *entry.patterns.map { |pattern| pattern.sub(ENDING, '') }] }.uniq
    end

    def raw(scope, environment)
      return Puppet::Pops::Lookup::HieraConfigV5::DEFAULT_CONFIG_HASH unless environment.configuration&.path_to_env

      adapter = Puppet::Pops::Lookup::LookupAdapter.adapt(scope.compiler)
      ask = Puppet::Pops::Lookup::Invocation.new(scope)
      config = adapter.send(:env_provider, ask)&.config(ask)
      config ? config.instance_variable_get(:@config) : Puppet::Pops::Lookup::HieraConfigV5::DEFAULT_CONFIG_HASH
    end

    def entries
      @entries ||= Array(@config['hierarchy']).map do |level|
        defaults = @config['defaults'] || {}
        function = level['data_hash'] || level['lookup_key'] || level['data_dig'] || level['hiera3_backend'] ||
                   defaults['data_hash'] || defaults['lookup_key'] || defaults['data_dig'] || 'yaml_data'
        patterns = [level['path'], level['paths'], level['glob'], level['globs'], level['mapped_paths']&.last].flatten.compact
        Entry.new(name: level['name'], function: function, patterns: patterns,
                  datadir: File.expand_path(level['datadir'] || defaults['datadir'] || 'data', @root),
                  levels: @levels.select { |one| one.name == level['name'] && one.path })
      end
    end

    def by_name(wanted)
      entry = entries.find { |one| one.name.casecmp?(wanted) }
      return nil unless entry

      editable(entry)
      paths = entry.levels.map(&:path)
      paths = [File.join(entry.datadir, entry.patterns.first)] if paths.empty? && entry.patterns == ['common.yaml']
      return chosen(entry, paths.first, entry.levels.any?) if paths.size == 1 && !globbed?(entry)

      told = (paths.map { |path| path.delete_prefix("#{entry.datadir}/") } + entry.patterns).first(20).join(', ')
      raise Questions::Unanswerable, "the level #{entry.name} has no single file; name the one you mean, of #{told}"
    end

    def globbed?(entry)
      entry.patterns.any? { |pattern| pattern.match?(/[*?\[{]/) && !pattern.include?('%{') }
    end

    def by_file(wanted)
      matches = entries.flat_map { |entry| files(entry, wanted).map { |path, here| [entry, path, here] } }
      entry, path, here = matches.find(&:last) || matches.first
      return nil unless entry

      editable(entry)
      chosen(entry, path, here)
    end

    # Yields the files of a level that the words can mean, with whether this node reads them.
    def files(entry, wanted)
      entry.levels.each do |level|
        short = level.path.delete_prefix("#{entry.datadir}/")
        return [[level.path, true]] if same?(wanted, level.path) || same?(wanted, short) || same?(wanted, level.original.to_s)
      end
      entry.patterns.filter_map do |pattern|
        named = wanted.match?(ENDING) ? wanted : wanted + File.extname(pattern)
        path = File.expand_path(named.delete_prefix("#{entry.datadir}/"), entry.datadir)
        next unless path.start_with?("#{entry.datadir}/") && fits?(pattern, path.delete_prefix("#{entry.datadir}/"))

        [path, entry.levels.any? { |level| level.path == path } || globbed?(entry)]
      end
    end

    def same?(wanted, path)
      [path, path.sub(ENDING, '')].include?(wanted)
    end

    # Whether a pattern of hiera.yaml could become this path on some node.
    def fits?(pattern, path)
      return File.fnmatch?(pattern, path, File::FNM_PATHNAME | File::FNM_EXTGLOB) unless pattern.include?('%{')

      parts = pattern.split(/(%\{[^}]*\})/).map { |part| part.start_with?('%{') ? '[^/]+' : Regexp.escape(part) }
      /\A#{parts.join}\z/.match?(path)
    end

    def editable(entry)
      return if entry.file?

      why = entry.function.start_with?('eyaml') ? ENCRYPTED : "Puppet reads it with #{entry.function}, not from YAML or JSON"
      raise Questions::Unanswerable, "the level #{entry.name} cannot be written by a cell: #{why}"
    end

    def chosen(entry, path, here)
      Chosen.new(path: path, name: entry.name, function: entry.function, here: here)
    end
  end
end
