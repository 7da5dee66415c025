# frozen_string_literal: true

module WarmPuppet
  # What is wrong with a text that is about to be written.
  module FileChecks
    # level: "err" (it is not written) or "warning". line, column: from 1, or nil.
    # hint: a next step in words for a learner. issue: Puppet's name of the problem.
    # other: the line that "{other}" in the message means; whoever shows it knows where
    # the text begins.
    Fault = Struct.new(:level, :message, :line, :column, :hint, :issue, :other, keyword_init: true) do
      def self.error(message, **rest)
        new(level: 'err', message: message, **rest)
      end

      def self.warning(message, **rest)
        new(level: 'warning', message: message, **rest)
      end

      def error?
        level == 'err'
      end
    end
  end
end
