# frozen_string_literal: true

module WarmPuppet
  # What the next manifest will see in $facts, and where facts of the node's own come from.
  module NodeFacts
    FOLDERS = %w[/etc/facter/facts.d /etc/puppetlabs/facter/facts.d /opt/puppetlabs/facter/facts.d
                 ~/.facter/facts.d ~/.puppetlabs/opt/facter/facts.d].freeze
    SIZE_LIMIT = 262_144 # bytes of a file that is looked through
    IN_RUBY = /Facter\.add\(?\s*(?::(\w+)|['"]([^'"]+)['"])/.freeze
    # At the beginning of a line: what YAML, and text with key=value, begin with.
    IN_DATA = { '.yaml' => /^(\w[^\s:]*):/, '.yml' => /^(\w[^\s:]*):/, '.txt' => /^([^\s=]+)=/ }.freeze

    module_function

    # Returns names of facts with the files that they seem to come from, by reading only.
    # A fact of an executable is not known by name.
    def origins(environment)
      modules = environment ? environment.full_modulepath : []
      ruby = Dir.glob(modules.map { |folder| "#{folder}/*/lib/facter/**/*.rb" })
      external = Dir.glob(modules.map { |folder| "#{folder}/*/facts.d/*" } + FOLDERS.map { |folder| "#{expand(folder)}/*" })
      (ruby + external).each_with_object({}) do |file, found|
        names(file).each { |name| found[name] ||= file }
      end
    end

    def names(file)
      return [] unless File.file?(file) && File.readable?(file) && File.size(file) <= SIZE_LIMIT

      text = File.read(file, encoding: 'UTF-8').scrub
      case File.extname(file)
      when '.rb' then text.scan(IN_RUBY).map { |pair| pair.compact.first }
      when '.json' then json_names(text)
      else text.scan(IN_DATA.fetch(File.extname(file), /(?!)/)).flatten
      end
    rescue SystemCallError
      []
    end

    def json_names(text)
      data = JSON.parse(text)
      data.is_a?(Hash) ? data.keys : []
    rescue JSON::ParserError
      []
    end

    def expand(folder)
      File.expand_path(folder)
    rescue ArgumentError
      folder # without a home
    end

    private_class_method :names, :json_names, :expand
  end

  Questions.add('node_facts', facts: true) do |_request, node|
    raise Questions::Unanswerable, 'the facts of this machine could not be gathered' unless node.facts

    environment = Puppet.lookup(:environments).get(Puppet[:environment])
    { values: node.facts.values, origins: NodeFacts.origins(environment) }
  end
end
