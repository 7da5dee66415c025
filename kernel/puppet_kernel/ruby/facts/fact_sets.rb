# frozen_string_literal: true

require 'json'

module WarmPuppet
  # The machines that a cell can be compiled for without having them. Their texts are
  # read with the worker, so that nobody can change them later; they are 50 KiB.
  module FactSets
    FILES = Dir[File.join(__dir__, 'fact_sets', '*.json')].sort.freeze
    TEXTS = FILES.to_h { |file| [File.basename(file, '.json'), File.read(file)] }.freeze
    OTHER_NAMES = {
      'bookworm' => 'debian-12', 'trixie' => 'debian-13', 'jammy' => 'ubuntu-22.04', 'noble' => 'ubuntu-24.04',
      'alma' => 'almalinux-9', 'centos' => 'centos-stream-9', 'centos-9' => 'centos-stream-9',
      'rhel' => 'redhat-9', 'rhel-9' => 'redhat-9', 'suse' => 'sles-15', 'leap' => 'opensuse-15',
      'mac' => 'macos-15', 'darwin' => 'macos-15'
    }.freeze

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
