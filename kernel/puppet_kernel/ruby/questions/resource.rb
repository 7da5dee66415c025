# frozen_string_literal: true

require_relative '../nearest'
require_relative '../node_environment'

module WarmPuppet
  # Reads resources as `puppet resource` does: how they are now, whatever a manifest says.
  module ResourceQuestion
    LIMIT = 3_000 # resources of one answer
    REDACTED = '[redacted]'
    SECRET = /passw(?:or)?d\z|\Asalt\z|secret|token|private_key|passphrase|community/.freeze
    # What stands for "no password" tells nothing that could be used.
    HARMLESS = /\A[!*x]{0,2}\z|\Aabsent\z/.freeze
    # In the options of a mount, the environment of a cron job.
    INSIDE = /(passw(?:or)?d\s*=\s*)[^,\s]+/i.freeze
    # These are acts or rules, or there is no end of them.
    UNLISTED = {
      'file' => 'files are without number; name one: %resource file /etc/motd',
      'exec' => 'an exec is a command to run, and leaves nothing that could be listed',
      'notify' => 'a notify is a message, and leaves nothing that could be listed',
      'tidy' => 'a tidy is a rule about files; name a file: %resource file /tmp',
      'schedule' => 'a schedule is a rule of a manifest; the machine knows of none',
      'filebucket' => 'a filebucket is named by manifests; the machine knows of none',
      'resources' => 'resources is a rule about all of a type; list that type itself',
      'stage' => 'a stage is a part of a manifest; the machine knows of none',
      'augeas' => 'an augeas is a change to a file; name the file: %resource file /etc/hosts'
    }.freeze

    module_function

    def answer(request)
      NodeEnvironment.use do |environment|
        type = find_type(request['type'], environment)
        found = request['title'] ? [one(type, request['title'])] : all(type)
        { type: type.name.to_s, root: Process.uid.zero?, user: user, cut: [found.size - LIMIT, 0].max,
          resources: found.first(LIMIT).map { |resource| plain(usual(type, resource)) } }
      end
    end

    def find_type(name, environment)
      asked = name.downcase
      type = Puppet::Type.type(asked.to_sym) if asked.match?(/\A[a-z]\w*\z/)
      return type if type && !%i[component whit].include?(type.name)

      known = environment.known_resource_types
      if known.find_definition(asked) || known.find_hostclass(asked)
        raise Questions::Unanswerable, "#{asked} is made of other resources, which can be shown each for " \
                                       "itself; %describe #{asked} says what it takes"
      end
      Puppet::Type.loadall
      names = []
      Puppet::Type.eachtype { |each| names << each.name.to_s }
      raise Questions::Unanswerable, "there is no resource type #{name}; #{Nearest.advice(asked, names)}"
    end

    def one(type, title)
      Puppet::Resource.indirection.find("#{type.name}/#{title}")
    end

    def all(type)
      name = type.name.to_s
      raise Questions::Unanswerable, "#{name} cannot be listed: #{UNLISTED[name]}" if UNLISTED.key?(name)

      Puppet::Resource.indirection.search("#{name}/", {})
    rescue Puppet::DevError => e
      raise Questions::Unanswerable, "#{name} cannot be listed (#{e.message}); name one: %resource #{name} TITLE"
    end

    # A type of the Resource API answers with an object of its own kind.
    def usual(type, resource)
      return resource if resource.is_a?(Puppet::Resource)

      known = type.validproperties | type.parameters
      values = resource.to_hash.slice(*(known - type.key_attributes)).compact
      Puppet::Resource.new(type.name.to_s, resource.title, parameters: values)
    end

    def plain(resource)
      pruned = resource.prune_parameters(parameters_to_include: [:provider])
      known = pruned.to_a.to_h
      safe = known.to_h { |name, value| [name, without_secrets(name, value)] }
      hidden = safe.reject { |name, value| value.equal?(known[name]) }
      hidden.each { |name, value| pruned[name] = value }
      attributes = safe.transform_values { |value| shown(value) }
      { title: text(pruned.title), attributes: attributes, code: text(pruned.to_manifest),
        redacted: hidden.keys.map(&:to_s) }
    end

    # Returns the value itself if there is nothing in it to hide.
    def without_secrets(name, value)
      case value
      when Puppet::Pops::Types::PSensitiveType::Sensitive then REDACTED
      when Array
        safe = value.map { |item| without_secrets(name, item) }
        safe == value ? value : safe
      when Hash then name.to_s.match?(SECRET) ? REDACTED : value
      else
        return value.to_s.match?(HARMLESS) ? value : REDACTED if name.to_s.match?(SECRET)

        value.is_a?(String) && value.match?(INSIDE) ? value.gsub(INSIDE) { "#{$1}#{REDACTED}" } : value
      end
    end

    def shown(value)
      case value
      when Array then value.map { |item| text(item) }.join(', ')
      when Hash then value.map { |name, item| "#{text(name)} => #{text(item)}" }.join(', ')
      else text(value)
      end
    end

    def text(value)
      Emitter.text(value)
    end

    def user
      Etc.getpwuid&.name || Process.uid.to_s
    end

    private_class_method :find_type, :one, :all, :usual, :plain, :without_secrets, :shown, :text, :user
  end

  Questions.add('resource') { |request, _node| ResourceQuestion.answer(request) }
end
