# frozen_string_literal: true

require 'rbconfig'

module WarmPuppet
  # The folders that hold the system's own Ruby: its library, Puppet and this worker.
  # What is in /usr/local or comes as a gem of somebody's own is not among them.
  module Roots
    NAMES = %w[rubylibdir rubyarchdir vendordir vendorlibdir vendorarchdir].freeze
    MORE = ['/usr/share/rubygems-integration', '/usr/lib/ruby', '/usr/share/ruby'].freeze

    module_function

    # Returns paths without links, each with a slash at its end.
    def all
      puppet = $LOADED_FEATURES.grep(%r{/puppet\.rb\z}).map { |file| File.dirname(file) }
      folders = [*RbConfig::CONFIG.values_at(*NAMES), *MORE, *puppet, File.dirname(__dir__)]
      folders.compact.select { |folder| File.directory?(folder) }.map { |folder| "#{File.realpath(folder)}/" }.uniq
    end
  end
end
