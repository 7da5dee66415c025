# frozen_string_literal: true

require_relative '../run/account'
require_relative '../files/file_checks'
require_relative '../files/file_writer'
require_relative '../lint_run'
require_relative '../node_environment'

module WarmPuppet
  # Writes a file after looking whether it is what its name says.
  module FileQuestion
    # What stands at the top of an environment: paths that begin so are relative to it.
    ENVIRONMENT = %w[modules site-modules manifests data hiera.yaml environment.conf lib functions types].freeze
    LINT_LIMIT = 50
    LINTED = 65_536 # bytes; puppet-lint takes minutes for a megabyte
    # Told by FileChecks, with what to do about it.
    TOLD = %w[autoloader_layout syntax].freeze

    module_function

    # request: "path", "code" (nil: only look at what is there), "mode" (a string or
    # nil), "user", "cwd".
    def answer(request)
      account = Account.find(request['user'])
      NodeEnvironment.use do |environment|
        path = place(request['path'], account, request['cwd'], NodeEnvironment.root(environment))
        next look(path, account) unless request['code']

        write(path, request['code'], request['mode']&.oct, account, environment)
      end
    rescue FileWriter::Refused, ArgumentError => e
      raise Questions::Unanswerable, e.message
    end

    # Returns the full path of what was asked for.
    def place(path, account, cwd, root)
      raise Questions::Unanswerable, 'a path holds no NUL character' if path.include?("\0")

      home, rest = path.split('/', 2)
      full = if home == '~' then File.expand_path(rest.to_s, account.dir)
             elsif home.start_with?('~') then raise Questions::Unanswerable, "#{home} is not known here; write the full path"
             elsif ENVIRONMENT.include?(home) then File.expand_path(path, root)
             else File.expand_path(path.start_with?('~') ? "./#{path}" : path, cwd || '/')
             end
      path.end_with?('/') && full != '/' ? "#{full}/" : full
    end

    def look(path, account)
      found = FileWriter.new(path, '').look(account)
      text = found['text']&.dup&.force_encoding(Encoding::UTF_8)&.scrub
      { path: path, kind: FileChecks.kind(path), text: text && Emitter.text(text, Emitter::DIFF_LIMIT), exists: !text.nil? }
    end

    def write(path, code, mode, account, environment)
      faults = FileChecks.problems(code, path, environment)
      told = { path: path, kind: FileChecks.kind(path), problems: faults.map { |fault| text_of(fault) } }
      return told if faults.any?(&:error?)

      told.merge(FileWriter.new(path, code, mode: mode).write(account), lint: lint(path, code))
    end

    def text_of(fault)
      fault.to_h.transform_values { |value| value.is_a?(String) ? Emitter.text(value) : value }
    end

    # puppet-lint's advice; nil if it is not there or cannot cope.
    def lint(path, code)
      return nil unless FileChecks.kind(path) == 'manifest' && code.bytesize <= LINTED

      found = LintRun.problems(code, path: path)
      found&.reject { |advice| TOLD.include?(advice[:check]) }&.first(LINT_LIMIT)
    rescue StandardError
      nil
    end
  end

  Questions.add('write_file', changes: true) { |request, _node| FileQuestion.answer(request) }
  # The same for what no fact is made of: the facts of the node stay as they are.
  Questions.add('write_code') { |request, _node| FileQuestion.answer(request) }
end
