# frozen_string_literal: true

module WarmPuppet
  # The environment that this node's manifests are compiled in. Children only.
  module NodeEnvironment
    module_function

    # Yields Puppet's environment as the settings have it now.
    def use
      Puppet.override(Puppet.base_context(Puppet.settings), 'For a question') do
        environment = Puppet.lookup(:environments).get(Puppet[:environment]) ||
                      Puppet::Node::Environment.create(Puppet[:environment].to_sym, [])
        Puppet.override({ current_environment: environment }, 'For a question') { yield environment }
      end
    end

    # Returns the environment's folder, which need not exist.
    def root(environment)
      configured = environment.configuration
      return configured.path_to_env.to_s if configured&.path_to_env

      folders = Puppet[:environmentpath].to_s.split(File::PATH_SEPARATOR)
      File.join(folders.find { |folder| File.directory?(folder) } || folders.first, environment.name.to_s)
    end

    # Yields the scope of an empty catalog, which knows the facts, and the environment.
    def scope(facts)
      use do |environment|
        Puppet[:code] = 'undef'
        answer = nil
        Puppet::Parser::Compiler.new(node(facts, environment)).compile do |catalog|
          answer = yield(catalog_scope, environment)
          catalog
        end
        answer
      end
    end

    # Returns a node with its facts, to be compiled for.
    def node(facts, environment)
      # A copy: compiling freezes what it gets.
      facts = Puppet::Node::Facts.new(facts ? facts.name : Puppet[:certname], facts ? facts.values.dup : {})
      node = Puppet::Node.new(facts.name, facts: facts, environment: environment)
      node.fact_merge(facts)
      node.add_server_facts({})
      node.trusted_data = Puppet::Context::TrustedInformation.local(node).to_h
      node
    end

    def catalog_scope
      Puppet.lookup(:global_scope)
    end

    private_class_method :catalog_scope
  end
end
