# frozen_string_literal: true

require_relative 'fault'

module WarmPuppet
  module FileChecks
    # Reads manifests and EPP templates with Puppet's own parser and validator.
    module PuppetCode
      NAMES = /(?:\A|\/)(?<module>[a-z][a-z0-9_]*)\/(?<folder>manifests|functions|types)\/(?<rest>.+)\.pp\z/.freeze
      MODULE_FOLDERS = %w[modules site-modules site].freeze
      WANTED = { 'manifests' => 'class or defined type', 'functions' => 'function', 'types' => 'type alias' }.freeze

      module_function

      # path: where the manifest will stand; Puppet has rules on that.
      def manifest(code, path, environment)
        program, faults = parse(Puppet::Pops::Parser::EvaluatingParser.new, code, path)
        return faults unless program

        faults + location(program, path, environment)
      end

      def template(code, path)
        parse(Puppet::Pops::Parser::EvaluatingParser::EvaluatingEppParser.new, code, path).last
      end

      def parse(reader, code, path)
        found = reader.parser.parse_string(code, path)
        return [nil, []] unless found

        [found.model, diagnostics(reader.validate(found.model))]
      rescue Puppet::ParseErrorWithIssue => e
        # At the end of the text there is no place: its last line is where more must stand.
        [nil, [Fault.error(e.basic_message, line: e.line || code.rstrip.count("\n") + 1, column: e.pos, issue: e.issue_code.to_s)]]
      rescue Puppet::ParseError => e
        [nil, [Fault.error(e.message, line: e.line, column: e.pos)]]
      end

      def diagnostics(acceptor)
        formatter = Puppet::Pops::Validation::DiagnosticFormatter.new
        acceptor.diagnostics.reject { |found| misplaced?(found) }.map do |found|
          place = found.source_pos
          Fault.new(level: found.severity == :error ? 'err' : 'warning',
                    message: formatter.format_message(found), issue: found.issue.issue_code.to_s,
                    line: place && place.line, column: place && place.pos)
        end
      end

      # Told by us, with what to do about it.
      def misplaced?(diagnostic)
        diagnostic.issue.issue_code == :ILLEGAL_DEFINITION_LOCATION
      end

      # Warns if Puppet would look into this file for something that is not there.
      def location(program, path, environment)
        wanted, what = expected(path, environment)
        return [] unless wanted

        there = program.definitions.map { |one| [one, name_of(one)] }.select(&:last)
        return [] if there.any? { |_, name| name.downcase == wanted.downcase }

        other, name = there.first
        [Fault.warning("Puppet looks for the #{what} #{wanted} in this file, and #{other ? "here is #{name}" : 'it is not here'}",
                       line: other && line_of(other), hint: advice(wanted, name, path))]
      end

      # Returns the name that the autoloader expects in a file of a module, and of what.
      def expected(path, environment)
        modules, relative = module_of(path, environment)
        found = relative && NAMES.match(relative)
        return nil unless found

        segments = found[:rest].split('/')
        segments = [] if segments == ['init'] && found[:folder] == 'manifests'
        name = [modules || found[:module], *segments].join('::')
        name = name.split('::').map(&:capitalize).join('::') if found[:folder] == 'types'
        [name, WANTED[found[:folder]]]
      end

      # Returns the name that stands for the module if it is not its folder's, and the
      # file's path from the folder that holds all modules; nil outside of modules.
      def module_of(path, environment)
        root = NodeEnvironment.root(environment)
        folders = environment.full_modulepath.map(&:to_s) + MODULE_FOLDERS.map { |name| File.join(root, name) }
        folder = folders.find { |one| path.start_with?("#{one}/") }
        return [nil, path.delete_prefix("#{folder}/")] if folder
        return ['environment', path.delete_prefix("#{File.dirname(root)}/")] if path =~ %r{\A#{Regexp.escape(root)}/(?:functions|types)/}

        around = path[%r{/(?:#{MODULE_FOLDERS.join('|')})/([a-z][a-z0-9_]*/.+)\z}, 1]
        around && !path.start_with?("#{root}/") ? [nil, around] : nil
      end

      def name_of(definition)
        definition.respond_to?(:name) ? definition.name.to_s : nil
      end

      def line_of(definition)
        definition.respond_to?(:line) ? definition.line : nil
      end

      def advice(wanted, name, path)
        first, *rest = wanted.split('::')
        file = rest.empty? ? "#{first}/manifests/init.pp" : "#{first}/manifests/#{rest.join('/')}.pp"
        return "a module's file holds what its path promises: #{file} the class #{wanted}" unless name && path.end_with?(file)

        "rename #{name} to #{wanted}, or move it to the file of its name; until then `include` does not find it"
      end

      private_class_method :parse, :diagnostics, :misplaced?, :location, :module_of, :name_of, :line_of, :advice
    end
  end
end
