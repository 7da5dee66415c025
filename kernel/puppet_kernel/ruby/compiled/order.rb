# frozen_string_literal: true

module WarmPuppet
  # What comes before what in a catalog, and what is refreshed by what: as Puppet orders
  # it, over any number of steps, with what classes and defined types contain.
  class Order
    PARAMETERS = { before: [true, false], notify: [true, true], require: [false, false], subscribe: [false, true] }.freeze

    # catalog: compiled; index: its CatalogIndex; automatic: triples of references (first, second, refresh) of
    # what Puppet orders by itself.
    def initialize(catalog, index, automatic = [])
      @catalog = catalog
      @index = index
      @resources = catalog.resources.to_h { |resource| [resource.ref, resource] }
      @steps = Hash.new { |steps, node| steps[node] = {} }
      contain
      state
      automatic.each { |first, second, refresh| order(first, second, refresh) }
    end

    # Whether one resource comes before another; refresh: and refreshes it.
    def path?(source, target, refresh: false)
      goal = [target, :begin]
      seen = {}
      waiting = [[source, :end]]
      until waiting.empty?
        node = waiting.shift
        @steps[node].each do |following, refreshes|
          next if seen[following] || (refresh && !refreshes)
          return true if following == goal

          seen[following] = true
          waiting << following if !refresh || passes_on?(following)
        end
      end
      false
    end

    # References of what a resource is directly refreshed by or comes directly behind.
    def before(reference, refresh:)
      @steps.select { |_, following| following[[reference, :begin]] == refresh }.keys
            .select { |_, side| side == :end }.map(&:first)
    end

    private

    def contain
      @resources.each_value do |container|
        add([container.ref, :begin], [container.ref, :end], true)
        @catalog.adjacent(container, direction: :out).each do |inner|
          add([container.ref, :begin], [inner.ref, :begin], true)
          add([inner.ref, :end], [container.ref, :end], true)
        end
      end
    end

    def state
      @resources.each_value do |resource|
        PARAMETERS.each do |name, (first, refresh)|
          [resource[name]].flatten.compact.each do |other|
            found = @index.find(other.respond_to?(:ref) ? other.ref : other.to_s) or next
            pair = [resource.ref, found.ref]
            order(*(first ? pair : pair.reverse), refresh)
          end
        end
      end
    end

    def order(first, second, refresh)
      add([first, :end], [second, :begin], refresh)
    end

    def add(node, following, refresh)
      @steps[node][following] ||= refresh
    end

    # Containers do; of types those that have something to do when they are refreshed.
    def passes_on?(node)
      type = Puppet::Type.type(@resources.fetch(node.first).type.downcase.to_sym)
      type.nil? || type.method_defined?(:refresh)
    end
  end
end
