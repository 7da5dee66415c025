# frozen_string_literal: true

require 'json'

module WarmPuppet
  # The machines that a cell can be compiled for without having them. Their texts are
  # read with the worker, so that nobody can change them later; they are 50 KiB.
  module FactSets
    FILES = Dir[File.join(__dir__, 'fact_sets', '*.json')].sort.freeze
    TEXTS = FILES.to_h { |file| [File.basename(file, '.json'), File.read(file)] }.freeze
    OTHER_NAMES = JSON.parse(File.read(File.join(__dir__, 'other_names.json'))).freeze

    module_function

    def names
      TEXTS.keys
    end

    # Returns the full name; without a version it is the newest. nil: there is none.
    def find(name)
      name = name.downcase
      return name if TEXTS.key?(name)

      newest = names.select { |known| known.rpartition('-').first == name }
                    .max_by { |known| Gem::Version.new(known.rpartition('-').last) }
      newest || OTHER_NAMES[name]
    end

    def values(name)
      JSON.parse(TEXTS.fetch(name))
    end
  end
end
