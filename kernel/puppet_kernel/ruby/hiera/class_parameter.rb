# frozen_string_literal: true

require_relative '../catalog/literal'

module WarmPuppet
  # The parameter of a class that a key of Hiera feeds without being asked:
  # motd::text is the parameter text of the class motd.
  class ClassParameter
    attr_reader :class_name, :name

    # Returns nil for a key that can be no parameter, or whose class does not exist.
    # Raises Puppet::Error if the class cannot be read.
    def self.find(scope, key)
      class_name, _, name = key.to_s.rpartition('::')
      return nil if class_name.empty? || name !~ /\A[a-z_]\w*\z/ || class_name !~ /\A[a-z][\w:]*\z/

      type = scope.environment.known_resource_types.find_hostclass(class_name)
      type && new(type, class_name, name)
    end

    def initialize(type, class_name, name)
      @type = type
      @class_name = class_name
      @name = name
    end

    def exist?
      @type.arguments.key?(@name)
    end

    # Names of all parameters of the class.
    def others
      @type.arguments.keys.map(&:to_s)
    end

    # Returns the data type that the class wants, or nil if it takes anything.
    def wanted
      @type.argument_types[@name]
    end

    def sensitive?
      wanted.to_s.include?('Sensitive')
    end

    # Returns why a value does not fit, or nil.
    def mismatch(value)
      return nil if wanted.nil? || Puppet::Pops::Types::TypeCalculator.instance?(wanted, value)

      actual = Puppet::Pops::Types::TypeCalculator.singleton.infer_set(value)
      Puppet::Pops::Types::TypeMismatchDescriber.singleton.describe_mismatch("#{@class_name}::#{@name}", wanted, actual)
    end

    def default?
      !@type.arguments[@name].nil?
    end
  end
end
