# frozen_string_literal: true

require 'tempfile'

module WarmPuppet
  # Lets a child end the way a Ruby program does: what was registered with at_exit runs,
  # and temporary files go. Only the memory is not freed piece by piece, which would take
  # longer than a small cell.
  module Departure
    # Part of Tempfile, which leaves its tidying-up to the garbage collector.
    module Remembered
      def initialize(...)
        super(...)
        Departure.remember(path)
      end
    end

    @files = []
    @status = nil

    class << self
      # Has to come before anything else that registers with at_exit: it runs last.
      def install
        Tempfile.prepend(Remembered)
        at_exit { leave if @status }
      end

      # Ends the calling process, which must be a child of the worker.
      def depart(status)
        @status = status
        exit(status)
      end

      def remember(path)
        @files << [Process.pid, path]
      end

      private

      def leave
        @files.each { |pid, path| remove(path) if pid == Process.pid }
        exit!(@status)
      end

      def remove(path)
        File.unlink(path)
      rescue SystemCallError
        nil # it has gone, as it should
      end
    end
  end
end
