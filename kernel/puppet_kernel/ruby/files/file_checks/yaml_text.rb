# frozen_string_literal: true

require 'psych'
require_relative 'fault'

module WarmPuppet
  module FileChecks
    # Reads YAML as Puppet does, and finds the places of what is wrong with it. Nothing
    # in the text becomes an object of Ruby's choosing.
    class YamlText
      NODE_LIMIT = 200_000 # with every alias written out
      DEPTH_LIMIT = 100
      DATE = /\A\d{4}-\d\d?-\d\d?(?:[Tt ]|\z)/.freeze
      HINTS = {
        /mapping values are not allowed/ => 'is a line indented too far, or does a value with a colon lack its quotes?',
        /cannot start any token/ => 'put quotes around a value that begins with %, @ or a backtick',
        /unexpected end of stream/ => 'a quote is opened here and closed nowhere',
        /could not find expected ':'/ => 'a key ends with a colon and a space',
        /did not find expected/ => 'look at the indentation here, and at quotes and brackets above'
      }.freeze

      # Ends the look at a text that must not be loaded.
      class Unreadable < StandardError
        attr_reader :fault

        def initialize(fault)
          super(fault.message)
          @fault = fault
        end
      end

      # Notes where the parser was, which Psych forgets when it fails. Stops at a depth
      # for which libyaml would need minutes.
      class Builder < Psych::TreeBuilder
        attr_reader :reached

        def event_location(start_line, start_column, end_line, end_column)
          super
          @reached = [end_line, end_column]
        end

        %i[sequence mapping].each do |kind|
          define_method("start_#{kind}") do |*arguments|
            @depth = (@depth || 0) + 1
            too_deep if @depth > DEPTH_LIMIT
            super(*arguments)
          end

          define_method("end_#{kind}") do
            @depth -= 1
            super()
          end
        end

        private

        def too_deep
          line, column = @reached
          fault = Fault.error("nested more than #{DEPTH_LIMIT} levels deep", line: line + 1, column: column + 1)
          raise Unreadable, fault
        end
      end

      # Returns what is wrong, and the data if nothing is. puppet: whether Puppet is to
      # read it; for any other program only its form counts, and no data are returned.
      def self.check(text, puppet: true)
        new(text, puppet).check
      end

      def initialize(text, puppet)
        @text = text
        @puppet = puppet
        @lines = text.split("\n", -1)
        @faults = []
        @sizes = {}
      end

      def check
        tree = parse
        look_at(tree) if tree
        return [@faults, nil] if @faults.any?(&:error?) || !@puppet

        [@faults, Puppet::Util::Yaml.safe_load(@text, [Symbol])]
      rescue Unreadable => e
        [@faults << e.fault, nil]
      rescue Puppet::Util::Yaml::YamlLoadError => e
        [@faults << Fault.error(e.message), nil]
      end

      # The mapping node of the first document, or nil.
      attr_reader :root

      private

      def parse
        builder = Builder.new
        Psych::Parser.new(builder).parse(@text)
        builder.root
      rescue Psych::SyntaxError => e
        @faults << syntax(e, builder.reached)
        nil
      end

      def syntax(error, reached)
        line, column = place(error, reached)
        tab = @lines.index { |text| text =~ /\A *\t/ }
        if tab && tab <= line
          return Fault.error('a tab stands where YAML wants spaces', line: tab + 1,
                             column: @lines[tab].index("\t") + 1, hint: 'indent with spaces')
        end
        message = [error.problem, error.context].compact.join(' ')
        hint = HINTS.find { |pattern, _| pattern =~ message }&.last
        Fault.error(message, line: line, column: column, hint: hint)
      end

      # Psych names the place where the surrounding began: the top of the file, often.
      def place(error, reached)
        return [error.line, error.column] unless reached && /\Adid not find expected/ =~ error.problem.to_s

        line, column = reached
        line += 1 and column = 0 while line < @lines.size && @lines[line][column..].to_s =~ /\A\s*(?:#.*)?\z/
        return [error.line, error.column] if line >= @lines.size

        [line + 1, column + @lines[line][column..][/\A\s*/].length + 1]
      end

      def look_at(stream)
        if stream.children.size > 1
          @faults << Fault.warning('only the first document of this file is read', **at(stream.children[1]))
        end
        document = stream.children.first
        @root = document&.root
        size(@root, {}) if @root
      end

      # Returns how many values a node stands for, and looks at each node once.
      def size(node, open)
        count = node.is_a?(Psych::Nodes::Alias) ? alias_size(node, open) : 1 + inner(node, open)
        stop(node, 'aliases make this more data than a machine should hold') if count > NODE_LIMIT
        count
      end

      def alias_size(node, open)
        stop(node, "*#{node.anchor} is an alias within what it stands for") if open[node.anchor]
        @sizes.fetch(node.anchor) { stop(node, "there is no &#{node.anchor} above that *#{node.anchor} could mean") }
      end

      def inner(node, open)
        tagged(node)
        open = open.merge(node.anchor => true) if node.anchor
        unique_keys(node) if node.is_a?(Psych::Nodes::Mapping)
        count = (node.children || []).sum { |child| size(child, open) }
        @sizes[node.anchor] = count + 1 if node.anchor
        count
      end

      def tagged(node)
        if /\A!ruby\//.match?(node.tag.to_s)
          stop(node, "#{node.tag} would make an object of Ruby's; Puppet does not read such data", hint: 'take the tag out')
        end
        return unless node.is_a?(Psych::Nodes::Scalar) && node.plain && !node.quoted && node.tag.nil? && DATE =~ node.value

        told = "YAML takes #{node.value} for a date, which Puppet does not read"
        hint = "put quotes around it: '#{node.value}'"
        stop(node, told, hint: hint) if @puppet
        @faults << Fault.warning(told, hint: hint, **at(node))
      end

      def unique_keys(mapping)
        seen = {}
        mapping.children.each_slice(2) do |key, _|
          next unless key.is_a?(Psych::Nodes::Scalar) && key.value != '<<'

          first = seen[key.value]
          stop(key, "the key #{key.value} is already there, in line {other}", other: first,
               hint: 'the last one would win without a word; keep one of them') if first
          seen[key.value] = key.start_line + 1
        end
      end

      def stop(node, message, **more)
        raise Unreadable, Fault.error(message, **more, **at(node))
      end

      def at(node)
        { line: node.start_line + 1, column: node.start_column + 1 }
      end
    end
  end
end
