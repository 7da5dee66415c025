# frozen_string_literal: true

require 'etc'
require 'yaml'
require_relative '../node_environment'

module WarmPuppet
  # Which Puppet this is, who it runs as, and where it finds what.
  module EnvQuestion
    SETTINGS = %i[confdir codedir vardir environmentpath basemodulepath hiera_config certname
                  noop strict strict_variables show_diff].freeze
    MODULE_LIMIT = 500

    module_function

    def answer
      { versions: versions, who: who, environment: environment, hiera: hiera,
        settings: SETTINGS.map { |name| [name.to_s, Puppet[name].to_s] },
        worker: worker }
    end

    def versions
      { puppet: Puppet.version, facter: Facter.version, ruby: RUBY_VERSION,
        ruby_path: RbConfig.ruby, puppet_path: puppet_path }
    end

    def puppet_path
      File.dirname($LOADED_FEATURES.find { |path| path.end_with?('/puppet.rb') }.to_s)
    end

    def who
      { user: Etc.getpwuid&.name || Process.uid.to_s, uid: Process.uid, root: Process.uid.zero?,
        sudo_user: ENV.fetch('SUDO_USER', nil) }
    end

    # A broken environment.conf is something to tell, and no reason to tell nothing.
    def environment
      problems = []
      NodeEnvironment.use do |found|
        folder = NodeEnvironment.root(found)
        problems.concat(conf_problems(folder))
        path = found.full_modulepath
        { name: found.name.to_s, folder: folder, exists: File.directory?(folder),
          modulepath: declared(found).map { |entry| { path: entry, exists: File.directory?(entry) } },
          modules: modules(path), problems: problems }
      end
    rescue Puppet::Error => e
      { name: Puppet[:environment].to_s, folder: '', exists: false, modulepath: [], modules: [],
        problems: problems + [problem(e.message, e)] }
    end

    # full_modulepath leaves out what does not exist, which is what has to be told.
    def declared(found)
      (found.respond_to?(:modulepath) ? found.modulepath : found.full_modulepath).map(&:to_s) |
        found.full_modulepath.map(&:to_s) | configured(found)
    end

    def configured(found)
      (found.configuration&.modulepath || '').to_s.split(File::PATH_SEPARATOR)
    end

    def conf_problems(folder)
      file = File.join(folder, 'environment.conf')
      return [] unless File.file?(file)

      known = Puppet::Settings::EnvironmentConf::VALID_SETTINGS.map(&:to_s)
      File.readlines(file, encoding: 'UTF-8').each_with_index.filter_map do |line, index|
        name = line.scrub[/\A\s*(\w+)\s*=/, 1]
        next if name.nil? || known.include?(name)

        { text: "#{name} is no setting of an environment; there are #{known.join(', ')}", file: file, line: index + 1 }
      end
    end

    # All that stand in the folders; the first of a name is the one that counts.
    def modules(path)
      seen = {}
      path.flat_map { |folder| Dir.glob('*', base: folder).sort.map { |name| [name, File.join(folder, name)] } }
          .select { |name, place| name.match?(/\A[a-z]\w*\z/) && File.directory?(place) }
          .first(MODULE_LIMIT).map do |name, place|
        hidden = seen.key?(name) ? seen[name] : nil
        seen[name] ||= place
        { name: name, path: place, hidden_by: hidden }.merge(metadata(place))
      end
    end

    def metadata(place)
      file = File.join(place, 'metadata.json')
      return { version: nil } unless File.file?(file)

      data = JSON.parse(File.read(file, encoding: 'UTF-8'))
      return { problem: "#{file} is no JSON object" } unless data.is_a?(Hash)

      missing = %w[name version author].reject { |key| data.key?(key) }
      { version: data['version'].to_s,
        problem: missing.empty? ? nil : "#{file} lacks #{missing.join(', ')}" }
    rescue JSON::ParserError => e
      { problem: "#{file} is not valid JSON: #{e.message.lines.first.to_s.strip[0, 200]}" }
    rescue SystemCallError => e
      { problem: "#{file} cannot be read: #{e.message}" }
    end

    # The files that say where data comes from: the machine's, then the environment's.
    def hiera
      folder = NodeEnvironment.use { |found| NodeEnvironment.root(found) }
      [['global', Puppet[:hiera_config]], ['environment', File.join(folder, 'hiera.yaml')]].map do |layer, file|
        { layer: layer, file: file, exists: File.file?(file) }.merge(File.file?(file) ? levels(file) : {})
      end
    rescue Puppet::Error
      []
    end

    def levels(file)
      data = YAML.safe_load(File.read(file, encoding: 'UTF-8'), permitted_classes: [Symbol], aliases: true) || {}
      return { problem: { text: 'it is no hash: it must begin with version: 5', file: file } } unless data.is_a?(Hash)
      return { problem: { text: "its version is #{data['version'].inspect}; Puppet wants 5", file: file } } unless data['version'] == 5

      { levels: Array(data['hierarchy']).grep(Hash).map { |level| level(level, data['defaults']) },
        problem: hiera_problem(file) }
    rescue Psych::SyntaxError => e
      { problem: { text: "it is not valid YAML: #{e.problem} #{e.context}".strip, file: file, line: e.line } }
    rescue SystemCallError, Psych::Exception => e
      { problem: { text: "it cannot be read: #{e.message}", file: file } }
    end

    def level(level, defaults)
      defaults = {} unless defaults.is_a?(Hash)
      key = %w[path paths glob globs uri uris mapped_paths].find { |name| level.key?(name) }
      folder = level['datadir'] || defaults['datadir'] || 'data'
      { name: level['name'].to_s, places: Array(key ? level[key] : nil).map(&:to_s), datadir: folder.to_s,
        backend: (level.find { |name, _| name.match?(/\A(?:data_hash|data_dig|lookup_key|hiera3_backend)\z/) } || [])[1].to_s }
    end

    # Puppet's own check of the file, which knows every key.
    def hiera_problem(file)
      type = Puppet::Pops::Lookup::HieraConfigV5.config_type
      data = YAML.safe_load(File.read(file), permitted_classes: [Symbol], aliases: true)
      Puppet::Pops::Types::TypeAsserter.assert_instance_of('it', type, data)
      nil
    rescue Puppet::Error, Puppet::Pops::Types::TypeAssertionError => e
      { text: e.message, file: file }
    end

    # Of the process that this one was forked from.
    def worker
      parent = Process.ppid
      { pid: parent, memory: kibibytes(parent), seconds: age(parent) }
    end

    def kibibytes(pid)
      File.read("/proc/#{pid}/smaps_rollup")[/^Pss:\s+(\d+)/, 1]&.to_i
    rescue SystemCallError
      nil
    end

    def age(pid)
      ticks = File.read("/proc/#{pid}/stat").rpartition(')').last.split[19].to_i
      (File.read('/proc/uptime').to_f - (ticks / Etc.sysconf(Etc::SC_CLK_TCK).to_f)).round
    rescue SystemCallError
      nil
    end

    def problem(text, error)
      { text: text, file: error.respond_to?(:file) ? error.file : nil,
        line: error.respond_to?(:line) ? error.line : nil }
    end

    private_class_method :versions, :puppet_path, :who, :environment, :declared, :configured, :conf_problems, :modules, :metadata,
                         :hiera, :levels, :level, :hiera_problem, :worker, :kibibytes, :age, :problem
  end

  Questions.add('env') { |_request, _node| EnvQuestion.answer }
end
