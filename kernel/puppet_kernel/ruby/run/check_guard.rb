# frozen_string_literal: true

module WarmPuppet
  # Makes sure that a check only looks. `noop => false` on a resource, a default, a
  # collector or through create_resources overrides the run's noop mode, so the mode
  # is forced on every resource here, and such a catalog is refused before it runs.
  module CheckGuard
    # Part of every resource of a check.
    module ForcedNoop
      def noop?
        # Resources outside a catalog of a host are Puppet's own settings.
        catalog && !catalog.host_config? ? super : true
      end
    end

    # Part of the catalog of a check.
    module Inspection
      def finalize
        super.tap { CheckGuard.inspect_catalog(self) }
      end
    end

    class Refused < Puppet::Error; end

    class << self
      def install(emitter)
        @emitter = emitter
        Puppet::Type.prepend(ForcedNoop)
        Puppet::Resource::Catalog.prepend(Inspection)
      end

      def inspect_catalog(catalog)
        return unless catalog.host_config?

        catalog.resources.grep(Puppet::Type).each do |resource|
          refuse(resource) if resource[:noop].to_s == 'false'
        end
      end

      # Remembers for the report which resources state anything.
      def note(catalog)
        real = catalog.resources.grep(Puppet::Type)
        Reporting.asserts = real.to_h { |resource| [resource.ref, asserts?(resource)] }
      rescue StandardError
        Reporting.asserts = {} # a type that cannot be asked proves nothing
      end

      private

      def refuse(resource)
        file = resource.file.to_s.empty? ? nil : resource.file
        @emitter.emit(ev: 'refused', message: 'a check must not contain "noop => false"',
                      ref: resource.ref, file: file, line: resource.line)
        raise Refused, "#{resource.ref} sets noop to false, and a check must not change anything"
      end

      # Whether the resource states something that could be untrue. An audited file
      # has no desired value; a refresh-only exec runs for nobody in a check.
      def asserts?(resource)
        return false if resource.type == :exec && resource[:refreshonly].to_s == 'true'
        return true if resource.type == :file && resource[:source]

        resource.properties.any? { |property| !property.should.nil? }
      end
    end
  end
end
