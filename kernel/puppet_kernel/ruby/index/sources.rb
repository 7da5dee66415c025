# frozen_string_literal: true

require 'digest/sha2'
require_relative '../node_environment'

module WarmPuppet
  module Index
    # Where Puppet finds what a manifest may name: the environment and its modules, as
    # they are now.
    class Sources
      MAX_FILES = 20_000
      MAX_BYTES = 262_144 # of one file that is read
      # What of a module (or an environment) defines something that can be named.
      DEFINING = %w[
        manifests/**/*.pp functions/**/*.pp types/**/*.pp metadata.json
        lib/puppet/**/*.rb lib/puppet_x/**/*.rb
      ].freeze

      # A file that defines something; home is the name of its module, or "environment".
      Found = Struct.new(:home, :root, :path, keyword_init: true) do
        # The part of the path below the folder, without its ending.
        def below(folder)
          prefix = File.join(root, folder, '')
          path.start_with?(prefix) ? path.delete_prefix(prefix).sub(/\.(?:pp|rb)\z/, '') : nil
        end
      end

      attr_reader :environment

      # Yields them, with everything of Puppet looking at the node's environment.
      def self.current
        NodeEnvironment.use do |environment|
          # Only some questions need loaders, and making them takes its time.
          loaders = nil
          lazily = -> { loaders ||= Puppet::Pops::Loaders.new(environment) }
          Puppet.override({ loaders: lazily }, 'For an index') { yield new(environment) }
        end
      end

      def initialize(environment)
        @environment = environment
      end

      def loader
        loaders = Puppet.lookup(:loaders)
        loaders.private_environment_loader || loaders.public_environment_loader
      end

      def files
        @files ||= roots.flat_map { |home, root| defining(home, root) }.first(MAX_FILES)
      end

      # Differs whenever something that the index tells may be another. By the time of
      # the inode's change, because that of the content can be set to anything.
      def fingerprint
        digest = Digest::SHA256.new
        digest << Puppet.version << "\0" << @environment.name.to_s << "\0"
        @environment.full_modulepath.each { |folder| digest << folder << "\0" }
        files.each { |found| digest << stamp(found.path) }
        digest.hexdigest
      end

      def read(path)
        return nil unless File.file?(path)

        File.open(path, 'rb') { |file| file.read(MAX_BYTES).to_s }.force_encoding(Encoding::UTF_8).scrub
      rescue SystemCallError
        nil
      end

      private

      def roots
        own = @environment.configuration&.path_to_env
        places = @environment.modules.map { |mod| [mod.name, mod.path] }
        places << ['environment', own] if own
        places << ['synced', File.dirname(Puppet[:libdir])] if File.basename(Puppet[:libdir]) == 'lib'
        places
      end

      def defining(home, root)
        # A folder's name may hold what means something to a glob: hence base.
        Dir.glob(DEFINING, base: root).sort.map do |path|
          Found.new(home: home, root: root, path: File.join(root, path))
        end
      end

      def stamp(path)
        stat = File.stat(path)
        "#{path}\0#{stat.ino}\0#{stat.size}\0#{stat.ctime.to_i}.#{stat.ctime.nsec}\0"
      rescue SystemCallError
        "#{path}\0"
      end
    end
  end
end
