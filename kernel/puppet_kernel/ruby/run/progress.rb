# frozen_string_literal: true

module WarmPuppet
  # Tells of each resource when its turn comes. Part of every transaction: Puppet's own
  # --evaltrace counts schedules and the ends of classes among the resources.
  module Progress
    HOUSEKEEPING = %i[whit schedule filebucket].freeze

    def evaluate(&block)
      return super unless catalog.host_config?

      work = block || method(:eval_resource)
      super do |resource|
        tell_progress(resource)
        work.call(resource)
      end
    end

    private

    def tell_progress(resource)
      return if HOUSEKEEPING.include?(resource.class.name)

      @evaluated = (@evaluated || 0) + 1
      Reporting.progress(resource, @evaluated, real_resources)
    end

    # Resources may bring in others while the run goes on.
    def real_resources
      size = relationship_graph.size
      return @real_resources if @counted_at == size

      @counted_at = size
      @real_resources = relationship_graph.vertices.count { |resource| !HOUSEKEEPING.include?(resource.class.name) }
    end
  end
end
