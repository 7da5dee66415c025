# frozen_string_literal: true

module WarmPuppet
  # All levels of Hiera that a key is looked up in, from most to least specific: each
  # with its file, as Puppet itself resolves them with the facts of a scope.
  class Hierarchy
    # layer: "global", "environment", "module" or "module default". kind: how Puppet
    # reads the level (data_hash, lookup_key, data_dig), function: with what. path: nil
    # for a level without a file; original: as hiera.yaml has it. config: that file.
    Level = Struct.new(:layer, :name, :kind, :function, :path, :original, :exist, :config,
                       :provider, :location, keyword_init: true)
    NOT_THERE = Object.new.freeze

    attr_reader :faults

    def initialize(scope)
      @scope = scope
      @adapter = Puppet::Pops::Lookup::LookupAdapter.adapt(scope.compiler)
      @faults = []
    end

    def invocation(explainer = nil)
      Puppet::Pops::Lookup::Invocation.new(@scope, {}, {}, explainer)
    end

    # module_name: whose own data counts too, or nil.
    def levels(module_name = nil)
      found = of_layer('global') { @adapter.send(:global_provider, invocation) }
      found += environment
      return found unless module_name

      found + of_layer('module') { |ask| @adapter.send(:module_provider, ask, module_name) } +
        of_layer('module default', default: true) { |ask| @adapter.send(:module_provider, ask, module_name) }
    end

    # Returns the levels of the environment; none without its hiera.yaml.
    def environment
      of_layer('environment') { |ask| @adapter.send(:env_provider, ask) }
    end

    # Returns a level's own value of a key's root, NOT_THERE, or the error of reading it.
    def value(level, key)
      return NOT_THERE unless level.provider && (level.path.nil? || level.exist)

      one = level.provider.dup
      one.instance_variable_set(:@locations, [level.location])
      asking { |ask| ask.lookup(key, key.module_name) { return one.unchecked_key_lookup(key, ask, nil) } }
      NOT_THERE
    rescue Puppet::Error, Errno::EACCES => e
      e
    end

    # Returns the part of a root's value that a dotted key means, or NOT_THERE.
    def part(key, value)
      catch(:no_such_key) { return key.dig(invocation, value) }
      NOT_THERE
    rescue Puppet::Error
      NOT_THERE
    end

    # Returns the keys of a level's file, as far as they are known without asking.
    def keys(level)
      return [] unless level.provider.is_a?(Puppet::Pops::Lookup::DataHashFunctionProvider) && level.exist

      level.provider.send(:data_hash, invocation, level.location).keys.map(&:to_s)
    rescue Puppet::Error, SystemCallError
      []
    end

    # Returns lookup_options of a key, or an empty Hash.
    def options(key)
      asking { |ask| return ask.lookup(key, key.module_name) { @adapter.lookup_lookup_options(key, ask) } || {} }
      {}
    end

    # Returns the options that one level states for a key, and the name or pattern used.
    def options_at(level, key)
      all = value(level, Puppet::Pops::Lookup::LookupKey::LOOKUP_OPTIONS)
      return nil unless all.is_a?(Hash)

      name = all.key?(key.root_key) ? key.root_key : all.keys.find { |one| pattern?(one, key.root_key) }
      name && [name, all[name]]
    end

    private

    def pattern?(name, key)
      name.to_s.start_with?('^') && Regexp.new(name).match?(key)
    rescue RegexpError
      false
    end

    def asking(&block)
      catch(:no_such_key) { block.call(invocation) }
    end

    def of_layer(layer, default: false)
      ask = invocation
      provider = catch(:no_such_key) { yield ask }
      config = provider && provider.config(ask)
      return [] unless config && (!default || config.has_default_hierarchy?)

      ask = Puppet::Pops::Lookup::Invocation.new(Hiera::Scope.new(@scope)) if config.version == 3
      config.configured_data_providers(ask, provider, default).flat_map { |one| of_provider(layer, config, one) }
    rescue Puppet::Error => e
      @faults << [layer, e]
      []
    end

    def of_provider(layer, config, provider)
      name = provider.instance_variable_get(:@name) || provider.name
      provider.locations.map do |location|
        Level.new(layer: layer, name: name.to_s, kind: provider.class::TAG.sub(/\Av\d_/, ''),
                  function: provider.function_name.to_s, config: config.config_path&.to_s, provider: provider,
                  location: location, path: location&.location&.to_s, original: location&.original_location.to_s,
                  exist: location&.exist?)
      end
    end
  end
end
