# frozen_string_literal: true

module WarmPuppet
  # Parses without evaluating: the one thing that is done to a short cell in the parent.
  module Syntax
    SHORT = 16_384 # bytes of code
    UNFINISHED = %i[
      UNCLOSED_QUOTE HEREDOC_UNCLOSED_PARENTHESIS HEREDOC_WITHOUT_TEXT HEREDOC_MISSING_END_TEXT
    ].freeze

    module_function

    # Returns an event: ok; unfinished (more text could make it right); the first problem.
    def check(code)
      Puppet::Pops::Parser::Parser.new.parse_string(code)
      { ev: 'syntax', ok: true, unfinished: false }
    rescue Puppet::ParseErrorWithIssue => e
      problem(e.basic_message, e).merge(pos: e.pos, issue: e.issue_code)
    rescue StandardError, SystemStackError => e
      problem(e.message, e)
    end

    def problem(message, error)
      issue = error.respond_to?(:issue_code) ? error.issue_code : nil
      at_end = /end of (?:input|file)/i.match?(message)
      {
        ev: 'syntax', ok: false, unfinished: at_end || UNFINISHED.include?(issue),
        message: message.to_s.scrub, line: error.respond_to?(:line) ? error.line : nil
      }
    end
  end
end
