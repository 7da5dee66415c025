# frozen_string_literal: true

module WarmPuppet
  # Finds resources of a compiled catalog by what makes them unique, as Puppet does when
  # it applies them: a service may be called by its name, whatever its title is.
  class CatalogIndex
    CALCULATOR = Puppet::Pops::Types::TypeCalculator

    attr_reader :resources

    def initialize(catalog)
      @resources = catalog.resources.to_a
      @by_ref = @resources.to_h { |resource| [resource.ref, resource] }
      @by_type = @resources.group_by(&:type)
    end

    # Returns the resource that a reference means, or nil.
    def find(ref)
      @by_ref[ref] || of(Puppet::Resource.new(ref)).first
    rescue ArgumentError
      nil
    end

    # Returns the resources that another one means: by what it says of what makes it
    # unique (which a data type may match), or else by its title.
    def of(wanted)
      keys = wanted.key_attributes
      stated = wanted.to_hash.slice(*keys).compact
      found = of_type(wanted.type).select do |one|
        stated.any? && stated.all? { |key, value| key?(one, key, value) }
      end
      return found unless found.empty? && keys.none? { |key| wanted[key] }

      [@by_ref[wanted.ref]].compact
    end

    def of_type(name)
      @by_type.fetch(name, [])
    end

    private

    def key?(resource, key, value)
      own = resource.to_hash[key] || (resource.title if resource.key_attributes.size == 1)
      return CALCULATOR.instance?(value, own) if value.is_a?(Puppet::Pops::Types::PAnyType)

      trimmed(resource, own) == trimmed(resource, value)
    end

    # A folder with and without a slash at its end is one resource; so is a class by
    # whatever case its name is written in.
    def trimmed(resource, value)
      return value.to_s.downcase.delete_prefix('::') if resource.class?

      resource.type == 'File' ? value.to_s.sub(%r{(?<=.)/+\z}, '') : value.to_s
    end
  end
end
