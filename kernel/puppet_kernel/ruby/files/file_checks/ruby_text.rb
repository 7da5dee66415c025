# frozen_string_literal: true

require 'erb'
require_relative 'fault'

module WarmPuppet
  module FileChecks
    # Compiles Ruby and ERB without ever running it.
    module RubyText
      module_function

      def ruby(text)
        compile(text, text, 0)
      end

      def erb(text)
        source = ERB.new(text, trim_mode: '-').src
        # The first line of what ERB makes is a comment on the encoding.
        compile(text, source, source.start_with?('#coding') ? 1 : 0)
      end

      # above: lines that the source has before those of the text.
      def compile(text, source, above)
        before = $VERBOSE
        $VERBOSE = nil
        RubyVM::InstructionSequence.compile(source, 'text', 'text')
        []
      rescue SyntaxError => e
        line = e.message[/text:(\d+):/, 1]
        last = text.rstrip.count("\n") + 1
        [Fault.error(told(e.message), line: line && (line.to_i - above).clamp(1, last))]
      ensure
        $VERBOSE = before
      end

      # Ruby up to 3.3: "text:3: syntax error, unexpected …", then the line and a caret;
      # later: "text:3: syntax errors found", then the lines with "^ unexpected …" below.
      def told(message)
        newer = message[/^\s*\|\s*\^[~^]*\s+(.+)$/, 1]
        newer ||= message[/text:\d+: (.+)$/, 1]
        newer.to_s.sub(/\Asyntax error, /, '').then { |text| text.empty? ? 'Ruby cannot read this' : text }
      end

      private_class_method :compile, :told
    end
  end
end
