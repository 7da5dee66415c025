# frozen_string_literal: true

require 'json'
require 'strscan'
require_relative 'fault'

module WarmPuppet
  module FileChecks
    # Reads JSON. Ruby's parser decides what is JSON; where and why it is not, which that
    # one hardly tells, is found by walking through the text.
    class JsonText
      DEPTH_LIMIT = 100
      CLOSING = { '}' => /\}/, ']' => /\]/ }.freeze
      STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\\/bfnrt]|u\h{4}))*"/.freeze
      SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/.freeze

      # Ends the walk at the first problem.
      class Unreadable < StandardError
        attr_reader :fault

        def initialize(fault)
          super(fault.message)
          @fault = fault
        end
      end

      # Returns what is wrong, and the data if nothing is.
      def self.check(text)
        new(text).check
      end

      def initialize(text)
        @text = text
        @scanner = StringScanner.new(text)
      end

      def check
        walk
        [[], JSON.parse(@text, max_nesting: DEPTH_LIMIT)]
      rescue Unreadable => e
        [[e.fault], nil]
      rescue JSON::ParserError, JSON::NestingError => e
        [[Fault.error("this is no JSON: #{e.message}", line: 1)], nil]
      end

      private

      def walk
        stop('there is nothing here; the least JSON is {}') if @text.strip.empty?
        value(0)
        skip
        stop('the JSON has ended, and here is more', 'take it out, or a comma and a bracket are wrong above') unless @scanner.eos?
      end

      def value(depth)
        skip
        stop("nested more than #{DEPTH_LIMIT} levels deep") if depth >= DEPTH_LIMIT
        if @scanner.skip(/\{/) then object(depth)
        elsif @scanner.skip(/\[/) then array(depth)
        elsif !(@scanner.skip(STRING) || @scanner.skip(SCALAR)) then unknown
        end
      end

      def object(depth)
        seen = {}
        skip
        return if @scanner.skip(/\}/)

        loop do
          member(seen, depth)
          break unless another('}')
        end
      end

      def member(seen, depth)
        skip
        key = @scanner.check(STRING)
        stop('a key in double quotes must stand here', key_hint) unless key
        stop("the key #{key} is already there, in line {other}", 'keep one of them', place(seen[key]).first) if seen[key]
        seen[key] = @scanner.pos
        @scanner.skip(STRING)
        skip
        stop("a colon must follow the key #{key}") unless @scanner.skip(/:/)
        value(depth + 1)
      end

      def array(depth)
        skip
        return if @scanner.skip(/\]/)

        loop do
          value(depth + 1)
          break unless another(']')
        end
      end

      # Returns whether a comma follows, and not the closing bracket.
      def another(closing)
        skip
        return false if @scanner.skip(CLOSING[closing])

        comma = @scanner.pos
        stop("a comma or #{closing} must stand here") unless @scanner.skip(/,/)
        skip
        return true unless @scanner.check(CLOSING[closing])

        @scanner.pos = comma
        stop("a comma stands before #{closing}", 'JSON has no comma after the last one: take it out')
      end

      def unknown
        return stop('the text ends too early', 'a bracket is not closed') if @scanner.eos?
        return stop('JSON has only double quotes', "write \"…\" instead of '…'") if @scanner.check(/'/)
        return stop('this quoted text is not closed, or holds what must be escaped') if @scanner.check(/"/)
        return stop('JSON has no comments', 'take it out') if @scanner.check(%r{#|//|/\*})

        stop('a value must stand here', 'text stands in double quotes')
      end

      def key_hint
        return 'a bracket is not closed' if @scanner.eos?

        @scanner.check(/'/) ? "write \"…\" instead of '…'" : 'every key stands in double quotes'
      end

      def skip
        @scanner.skip(/[ \t\r\n]*/)
      end

      def place(position = @scanner.pos)
        before = @text.byteslice(0, position).scrub
        [before.count("\n") + 1, before.length - (before.rindex("\n") || -1)]
      end

      def stop(message, hint = nil, other = nil)
        line, column = place
        raise Unreadable, Fault.error(message, line: line, column: column, hint: hint, other: other)
      end
    end
  end
end
