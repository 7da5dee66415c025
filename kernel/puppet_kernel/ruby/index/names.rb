# frozen_string_literal: true

require_relative 'sources'

module WarmPuppet
  module Index
    # The names of everything that a manifest may name. Loads and parses nothing: the
    # places of files tell most of it, one look at their text the rest.
    class Names
      INTERNAL_TYPES = %w[whit component].freeze

      def initialize(sources)
        @sources = sources
      end

      def to_h
        { types: types, **definitions, functions: functions }
      end

      # Where a class, a define or an alias is written down: its file, or nil.
      def file_of(name)
        @sources.files.find { |found| expected(found)&.casecmp?(name) && !defined_in(found).empty? }
      end

      # The file of a function and whether it is Ruby's newer or older kind, or Puppet's.
      def function_file(name)
        candidates(name).find { |path, _| File.file?(path) }
      end

      def functions
        places = [['functions/**/*.rb', 'puppet/functions/'], ['parser/functions/*.rb', 'puppet/parser/functions/']]
        names = places.flat_map do |pattern, prefix|
          Dir.glob(pattern, base: core_folder).map do |path|
            [File.join('puppet', path).delete_prefix(prefix).delete_suffix('.rb').gsub('/', '::'), '']
          end
        end
        (names + @sources.files.filter_map { |found| function_of(found) }).sort.uniq(&:first)
      end

      private

      # The folder of Puppet's own code.
      def core_folder
        File.join(File.dirname(Puppet.method(:initialize_settings).source_location.first), 'puppet')
      end

      def types
        homes = @sources.files.to_h { |found| [found.below('lib/puppet/type'), found.home] }
        names = Puppet::Util::Autoload.files_to_load('puppet/type', @sources.environment)
                                      .map { |path| File.basename(path.to_s, '.rb') }
        (names.uniq - INTERNAL_TYPES).sort.map { |name| [name, homes.fetch(name, '')] }
      end

      def definitions
        found = { 'class' => [], 'define' => [], 'type' => [] }
        @sources.files.each do |file|
          defined_in(file).each { |kind, name| found[kind] << [name, file.home] }
        end
        sorted = found.transform_values { |names| names.sort.uniq(&:first) }
        { classes: sorted['class'], defines: sorted['define'], aliases: sorted['type'] }
      end

      # Only what stands where Puppet looks for it: class a::b in a/manifests/b.pp.
      def defined_in(found)
        name = expected(found)
        text = name && @sources.read(found.path)
        kinds = found.below('types') ? 'type' : 'class|define'
        told = text&.match(/^[ \t]*(#{kinds})\s+(?:::)?(#{Regexp.escape(name)})(?![\w:])/i)
        told ? [told.captures] : []
      end

      # The name of what a file should define, or nil.
      def expected(found)
        if (below = found.below('manifests'))
          manifest_name(found.home, below)
        elsif (below = found.below('types'))
          alias_name(found.home, below)
        end
      end

      def manifest_name(home, below)
        return home if below == 'init'

        "#{home}::#{below.gsub('/', '::')}"
      end

      def alias_name(home, below)
        [home, *below.split('/')].map { |part| part.split('_').map(&:capitalize).join('_') }.join('::')
      end

      def function_of(found)
        name = found.below('lib/puppet/functions') || found.below('lib/puppet/parser/functions')
        if name.nil? && (below = found.below('functions'))
          name = "#{found.home}::#{below}"
        end
        name && [name.gsub('/', '::'), found.home]
      end

      def candidates(name)
        path = name.split('::')
        places = @sources.files.select { |found| function_of(found)&.first == name }
                         .map { |found| [found.path, kind_of(found.path)] }
        places << [File.join(core_folder, 'functions', *path[0..-2], "#{path[-1]}.rb"), :ruby]
        places << [File.join(core_folder, 'parser/functions', "#{path[-1]}.rb"), :old] if path.one?
        places
      end

      def kind_of(path)
        return :puppet if path.end_with?('.pp')

        path.include?('/lib/puppet/parser/functions/') ? :old : :ruby
      end
    end
  end
end
