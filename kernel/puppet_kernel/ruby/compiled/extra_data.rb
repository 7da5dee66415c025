# frozen_string_literal: true

module WarmPuppet
  # A layer of Hiera above all others, in memory only. Children only.
  module ExtraData
    # Part of Puppet's way through the layers.
    module Above
      include Puppet::Pops::Lookup::Interpolation

      def lookup_global(key, lookup_invocation, merge_strategy)
        return super unless ExtraData.values.key?(key.root_key)

        strategy = Puppet::Pops::MergeStrategy.strategy(merge_strategy)
        strategy.lookup(%i[above below], lookup_invocation) do |layer|
          next super(key, lookup_invocation, merge_strategy) if layer == :below

          value = interpolate(ExtraData.values[key.root_key], lookup_invocation, true)
          lookup_invocation.report_found(key.root_key, value)
        end
      end
    end

    class << self
      attr_reader :values

      def install(values)
        @values = values
        Puppet::Pops::Lookup::LookupAdapter.prepend(Above) unless values.empty?
      end
    end
  end
end
