# frozen_string_literal: true

require 'stringio'

module WarmPuppet
  # Asks puppet-lint about Puppet code, without running puppet-lint's command. Runs in a
  # child only: the library keeps its settings in the process.
  module LintRun
    # A text has no place in a module, and nobody documents what stands in a cell.
    FILE_CHECKS = %w[autoloader_layout documentation].freeze
    FIX_RUNS = 4 # one repair may make the next one possible

    module_function

    # Returns what puppet-lint would improve, in the order of the lines: Hashes with
    # kind ("error" or "warning"), check, line, column (or nil) and message. Returns nil
    # if puppet-lint is not installed.
    # path: where the code is (or will be) stored; checks on names and folders need it.
    # Options in .puppet-lint.rc count, in the current folder and in its usual places.
    def problems(code, path: nil)
      return nil unless available?

      configure(fix: false, stored: !path.nil?)
      run(code, path).problems.map { |problem| plain(problem) }
                     .sort_by { |problem| [problem[:line], problem[:column].to_i] }
    end

    # Returns the code as `puppet-lint --fix` leaves it when it is run until it finds
    # nothing more to do (the code itself if it cannot read it), or nil without puppet-lint.
    def fixed(code, path: nil)
      return nil unless available?

      configure(fix: true, stored: !path.nil?)
      FIX_RUNS.times do
        linter = run(code, path)
        return code if linter.problems.any? { |problem| problem[:check] == :syntax }
        return code if linter.manifest.empty? || linter.manifest == code

        code = linter.manifest
      end
      code
    end

    def available?
      require 'puppet-lint'
      true
    rescue LoadError
      false
    end

    # Returns puppet-lint's version, or nil.
    def version
      PuppetLint::VERSION if available?
    end

    def configure(fix:, stored:)
      settings = PuppetLint.configuration.settings
      @settings ||= read_options.dup
      settings.replace(@settings)
      PuppetLint.configuration.fix = fix
      FILE_CHECKS.each { |check| settings["#{check}_disabled"] = true } unless stored
    end

    # The option parser reads the files by itself. A broken one is no reason to be silent.
    def read_options
      require 'puppet-lint/optparser'
      PuppetLint::OptParser.build
      PuppetLint.configuration.settings
    rescue StandardError => e
      warn "puppet-lint: its options could not be read: #{e.message}"
      PuppetLint.configuration.settings
    end

    # puppet-lint prints what it does not understand, and exits.
    def run(code, path)
      linter = PuppetLint.new
      linter.path = path.to_s
      linter.code = code
      printed = captured { linter.run }
      return linter if linter.problems

      raise "puppet-lint failed: #{printed[/^[A-Z]\w*(?:::\w+)*: .*$/] || printed}"
    end

    def captured
      before = $stdout
      $stdout = StringIO.new
      yield
      ''
    rescue SystemExit
      $stdout.string
    ensure
      $stdout = before
    end

    def plain(problem)
      { kind: problem[:kind].to_s, check: problem[:check].to_s, line: problem[:line].to_i,
        column: problem[:column]&.to_i, message: problem[:message].to_s }
    end

    private_class_method :configure, :read_options, :run, :captured, :plain
  end
end
