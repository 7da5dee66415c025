# frozen_string_literal: true

require 'etc'
require_relative '../emitter'

module WarmPuppet
  # Adds to an error what only the run that failed knows: the names that it could have
  # meant, the folders it looked in, where in Ruby it was raised. Children only.
  module Suggestions
    NAMES_LIMIT = 300
    NAME_LIMIT = 200
    FILES_LIMIT = 500
    TRACE_LIMIT = 40
    # Resources that nobody declared.
    HOUSEKEEPING = /\A(?:Class\[(?:Settings|Main)\]|Stage\[main\])\z/i.freeze
    DEFINED = /^[ \t]*(class|define|function)[ \t]+(?:::)?([a-z]\w*(?:::[a-z]\w*)*)/.freeze

    # Remembers the last compiler: its names are asked for when it has failed.
    module RememberCompiler
      def initialize(*, **)
        Suggestions.compiler = self
        super
      end
    end

    RULES = [
      [/Unknown resource type: '([^']+)'/, :types],
      [/no parameter named '([^']+)' .*?on ([A-Z][\w:]*)\[/m, :attributes],
      [/([A-Z][\w:]*)\[[^\]]*\]: has no parameter named '([^']+)'/, :parameters],
      [/Could not find (?:declared )?class (?:::)?(\S+)/, :classes],
      [/Unknown function: '([^']+)'/, :functions],
      [/Unknown variable: '([^']+)'/, :variables],
      [/Could not find resource '([^']+)'/, :references],
      [/Could not find template '([^']+)'/, :folders]
    ].freeze

    class << self
      attr_accessor :compiler

      def install
        Puppet::Parser::Compiler.prepend(RememberCompiler)
        log = Puppet::Util::Logging.instance_method(:log_exception)
        Puppet::Util::Logging.send(:define_method, :log_exception) do |exception, *rest|
          Suggestions.while_telling(exception) { log.bind(self).call(exception, *rest) }
        end
      end

      def while_telling(exception)
        before = @exception
        @exception = exception
        yield
      ensure
        @exception = before
      end

      # Returns what to add to the event of a message: known, folders, trace.
      def about(message)
        text = message.message
        names, folders, file = look_up(text)
        {
          known: names && nearest_length(names, text), folders: folders, existing: file,
          user: plain_user, trace: @exception && trace(@exception)
        }.compact
      rescue StandardError
        {} # what is wrong has been said; help with it may be missing
      end

      # The innermost of wrapped exceptions tells most.
      def trace(exception)
        10.times do
          inner = (exception.original if exception.respond_to?(:original)) || exception.cause
          break unless inner.is_a?(Exception) && inner.backtrace

          exception = inner
        end
        (exception.backtrace || []).first(TRACE_LIMIT).map { |line| Emitter.text(line, NAME_LIMIT) }
      end

      private

      # Returns who Puppet is, unless it is root and may do everything.
      def plain_user
        @plain_user ||= Etc.getpwuid.name unless Process.euid.zero?
      end

      def look_up(text)
        RULES.each do |pattern, kind|
          found = pattern.match(text)
          return [send(kind, found), folders_for(kind), file_of(kind, found[1])] if found
        end
        nil
      end

      # Of very many names those that are about as long as the word.
      def nearest_length(names, text)
        length = text[/'([^']+)'/, 1].to_s.length
        names.map(&:to_s).uniq.sort_by { |name| [(name.length - length).abs, name] }
             .first(NAMES_LIMIT).map { |name| Emitter.text(name, NAME_LIMIT) }
      end

      def folders_for(kind)
        return unless %i[classes folders].include?(kind) && environment

        environment.full_modulepath.map { |folder| Emitter.text(folder, NAME_LIMIT) }
      end

      # Returns the file that should define a class; nil if there is none.
      def file_of(kind, name)
        return unless kind == :classes && environment

        folders = name.delete_prefix('::').split('::')
        path = [folders.shift, 'manifests', *(folders.empty? ? ['init'] : folders)].join('/')
        found = environment.full_modulepath.map { |folder| "#{folder}/#{path}.pp" }.find { |file| File.file?(file) }
        found && Emitter.text(found, NAME_LIMIT)
      end

      def environment
        compiler&.environment
      end

      def folders(_found)
        nil
      end

      # By the names of their files: loading them all takes most of a second.
      def types(_found)
        files = Puppet::Type.typeloader.files_to_load(environment)
        names = files.map { |file| File.basename(file, '.rb') } - %w[whit component]
        names + environment.known_resource_types.definitions.keys + in_modules('define')
      end

      def attributes(found)
        type = Puppet::Type.type(found[2].downcase)
        return type.allattrs + Puppet::Type.metaparams if type

        define = environment.known_resource_types.definition(found[2].downcase)
        define ? define.arguments.keys + Puppet::Type.metaparams : nil
      end

      def parameters(found)
        known = environment.known_resource_types
        title = found[0][/\[([^\]]*)\]/, 1].downcase
        definition = found[1] == 'Class' ? known.hostclass(title) : known.definition(found[1].downcase)
        definition&.arguments&.keys
      end

      def classes(_found)
        environment.known_resource_types.hostclasses.keys.reject(&:empty?) + in_modules('class')
      end

      # By the names of their files: some cannot be loaded, and say so.
      def functions(_found)
        ruby = %w[puppet/functions puppet/parser/functions].flat_map do |folder|
          files = Puppet::Util::Autoload.new(Suggestions, folder).files_to_load(environment)
          files.map { |file| file.delete_prefix("#{folder}/").delete_suffix('.rb').gsub('/', '::') }
        end
        ruby + in_modules('function', 'functions')
      end

      def variables(_found)
        compiler.topscope.to_hash.keys
      end

      def references(_found)
        compiler.catalog.resources.map(&:ref).grep_v(HOUSEKEEPING)
      end

      # Names of the classes, defined types or functions that lie on the modulepath.
      def in_modules(keyword, folder = 'manifests')
        files = environment.full_modulepath.flat_map { |path| Dir.glob("#{path}/*/#{folder}/**/*.pp") }
        files.first(FILES_LIMIT).flat_map do |file|
          next [] unless File.file?(file)

          File.read(file, 65_536).to_s.scrub.scan(DEFINED).select { |word, _| word == keyword }.map(&:last)
        end
      end
    end
  end
end
