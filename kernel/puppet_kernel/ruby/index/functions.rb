# frozen_string_literal: true

require_relative 'code'
require_relative 'names'

module WarmPuppet
  module Index
    # Functions: how they are called, and what is written about them.
    class Functions
      MAX_TYPE = 60 # characters of one parameter's type; some types fill a page
      MAX_SIGNATURES = 20
      CREATION = /^\s*(?:Puppet::Functions\.create_function|Puppet::Parser::Functions\.?:*newfunction|newfunction)\b/.freeze

      def initialize(sources)
        @sources = sources
        @names = Names.new(sources)
      end

      # Name, home, signatures and kind of every function that can be loaded.
      def all
        @names.functions.filter_map { |name, home| brief(name, home) }
      end

      # The same of one function, with its documentation.
      def describe(name)
        home = @names.functions.to_h[name]
        return nil unless home

        file, kind = @names.function_file(name)
        known = brief(name, home) || {}
        known.merge(kind: 'function', name: name, file: file, doc: doc(name, file, kind))
      end

      private

      def brief(name, home)
        function = @sources.loader.load(:function, name)
        return { name: name, home: home, signatures: signatures(name, function) } if function

        old(name, home)
      rescue StandardError, ScriptError, SystemStackError, SystemExit
        { name: name, home: home, signatures: [] } # what does not load still has a name
      end

      def old(name, home)
        return nil unless Puppet::Parser::Functions.function(name.to_sym, @sources.environment)

        arity = Puppet::Parser::Functions.arity(name.to_sym, @sources.environment).to_i
        given = Array.new(arity.negative? ? -arity - 1 : arity) { |number| "Any $arg#{number + 1}" }
        given << 'Any *$args' if arity.negative?
        returns = Puppet::Parser::Functions.rvalue?(name.to_sym, @sources.environment)
        { name: name, home: home, signatures: ["#{name}(#{given.join(', ')})"], statement: !returns }
      end

      def signatures(name, function)
        dispatchers = function.class.dispatcher.dispatchers
        dispatchers.reject { |known| known.class.name.to_s.end_with?('ArgumentMismatch') }
                   .first(MAX_SIGNATURES).map { |known| signature(name, known) }.uniq
      end

      def signature(name, known)
        least, most = known.type.size_range
        types = known.type.param_types&.types || []
        given = known.parameter_names.each_with_index.map do |parameter, index|
          type = type_text(types[index] || types.last)
          next "#{type} *$#{parameter}" if index == known.parameter_names.size - 1 && most == Float::INFINITY

          index < least ? "#{type} $#{parameter}" : "[#{type} $#{parameter}]"
        end
        given << block(known) if block?(known)
        returned = known.type.return_type
        "#{name}(#{given.compact.join(', ')})#{" >> #{type_text(returned)}" if returned}"
      end

      # Functions in Puppet's language name a block that they refuse.
      def block?(known)
        known.block_name && known.block_name.to_s != 'unsupported_block'
      end

      def block(known)
        optional = known.type.block_type.is_a?(Puppet::Pops::Types::POptionalType)
        optional ? "[&$#{known.block_name}]" : "&$#{known.block_name}"
      end

      def type_text(type)
        # An alias tells its name and what it stands for; only that is of use here.
        text = type.nil? ? 'Any' : type.to_s.gsub(/\b[A-Z]\w* = /, '')
        text.length > MAX_TYPE ? "#{text[0, MAX_TYPE]}…" : text
      end

      def doc(name, file, kind)
        text = file && @sources.read(file)
        return '' unless text
        return Code.new(text, file, @sources.loader).describe(name)&.fetch(:doc).to_s if kind == :puppet
        return old_doc(name) if kind == :old

        comment(text)
      end

      def old_doc(name)
        info = Puppet::Parser::Functions.environment_module(@sources.environment).get_function_info(name.to_sym)
        Puppet::Util::Docs.scrub((info || {})[:doc].to_s)
      end

      # The comment above the function's creation.
      def comment(text)
        lines = text.lines
        index = lines.index { |line| line.match?(CREATION) } || 0
        above = lines.first(index).reverse.take_while { |line| line.match?(/\A\s*#/) }.reverse
        above.map { |line| line.sub(/\A\s*# ?/, '').chomp }.join("\n")
      end
    end
  end
end
