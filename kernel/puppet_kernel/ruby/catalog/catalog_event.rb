# frozen_string_literal: true

require_relative 'catalog_data'
require_relative '../run/check_guard'

module WarmPuppet
  # Tells which catalog a run applies, also when the run fails: then the picture of it
  # says most.
  module CatalogEvent
    # Part of every catalog: one of types remembers the compiled one it came from, whose
    # values are as the manifest says and not as a provider sees them.
    module Memory
      attr_accessor :compiled

      def to_ral
        super.tap { |catalog| catalog.compiled = self }
      end

      def apply(options = {})
        CheckGuard.note(self) if host_config?
        super
      ensure
        CatalogEvent.tell(self) if host_config? && compiled
      end
    end

    class << self
      # Runs in a child.
      def install(emitter)
        @emitter = emitter
        Puppet::Resource::Catalog.prepend(Memory)
      end

      def tell(catalog)
        @emitter.emit(CatalogData.new(catalog.compiled).to_event(automatic(catalog)))
      rescue StandardError => e
        # A run is worth more than the picture of it.
        Puppet.debug("no catalog is told: #{e.class}: #{e.message}")
      end

      private

      # Pairs of resources that the graph joins directly. What is in a class or a define
      # hangs on whits, which stand for the container's beginning and end.
      def automatic(catalog)
        catalog.relationship_graph.edges.reject { |edge| whit?(edge.source) || whit?(edge.target) }
               .map { |edge| [edge.source.ref, edge.target.ref] }
      end

      def whit?(resource)
        resource.is_a?(Puppet::Type.type(:whit))
      end
    end
  end
end
