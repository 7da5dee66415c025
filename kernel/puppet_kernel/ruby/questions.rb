# frozen_string_literal: true

require 'json'
require_relative 'emitter'
require_relative 'foreign/foreign'

module WarmPuppet
  # Questions that are answered with data, in a forked child: one file each in
  # questions/, loaded with the worker. (Loaded later, a file could be another one: a
  # grader's worker must not read anything that an attendee may have written.)
  module Questions
    ANSWER_LIMIT = 4_194_304 # bytes of one answer

    # What a question may look at besides its request.
    # facts: Puppet::Node::Facts or nil; settings: command line arguments.
    Node = Struct.new(:facts, :settings, :emitter, keyword_init: true)

    # Says that a question cannot be answered, in words for the one who asked.
    class Unanswerable < StandardError
      attr_reader :place

      # place: file:, line:, pos:, issue: as far as they are known.
      def initialize(message, **place)
        super(message)
        @place = place.compact
      end
    end

    @known = {}

    class << self
      # Adds a question. The block gets the request (a Hash) and a Node, and returns
      # what JSON can hold. facts: whether the facts must be fresh before it is asked.
      # changes: whether it may change the node, so that facts are gathered anew.
      def add(name, facts: false, changes: false, &block)
        @known[name] = { block: block, facts: facts, changes: changes }
      end

      def known?(name)
        @known.key?(name)
      end

      def facts?(name)
        @known.dig(name, :facts) || false
      end

      def changes?(name)
        @known.dig(name, :changes) || false
      end

      # Runs in a child.
      def answer(request, node)
        Puppet.settings.send(:parse_config_files)
        Puppet.settings.send(:parse_global_options, node.settings.dup)
        Foreign.enter(request['foreign'])
        data = @known.fetch(request['op'])[:block].call(request, node)
        emit(node.emitter, data)
        0
      rescue Unanswerable => e
        node.emitter.emit(ev: 'problem', level: 'err', message: Emitter.text(e.message), **e.place)
        1
      rescue Puppet::Error => e
        node.emitter.emit({ ev: 'problem', level: 'err', message: Emitter.text(e.message) }.merge(place_of(e)))
        1
      end

      private

      def emit(emitter, data)
        size = JSON.generate(data).bytesize
        raise Unanswerable, "the answer is too large to be shown (#{size} bytes)" if size > ANSWER_LIMIT

        emitter.emit(ev: 'answer', data: data)
      end

      def place_of(error)
        %i[file line pos].to_h { |part| [part, error.respond_to?(part) ? error.public_send(part) : nil] }
                         .reject { |_, value| value.to_s.empty? }
      end
    end
  end
end

Dir[File.join(__dir__, 'questions', '*.rb')].sort.each { |file| require file }
