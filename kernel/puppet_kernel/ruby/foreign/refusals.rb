# frozen_string_literal: true

module WarmPuppet
  module Foreign
    # The places where Puppet takes Ruby from a manifest's surroundings, each refusing it
    # in words that tell what to write instead. What they overlook the fence stops.
    module Refusals
      LANGUAGE = "write it in Puppet's language".freeze
      EPP = 'its language is ERB; write it in EPP, for epp() or inline_epp()'.freeze

      @own_types = {}.compare_by_identity

      # Part of Puppet's autoloader: modules have no Ruby, and if only they have what is
      # looked for, that is said.
      module Modules
        def module_directories(_environment)
          []
        end

        def get_file(name, environment)
          super || Refusals.missed(name, environment)
        end
      end

      # Part of what makes functions and data types of Ruby files.
      module Instances
        def create(loader, typed_name, source, *rest)
          what = typed_name.type == :function ? 'function' : 'data type'
          Foreign.refuse("the #{what} #{typed_name.name}", source, LANGUAGE) unless Foreign.own?(source)
          super.tap { |created| Refusals.own_types[created] = true }
        end
      end

      # Part of ERB templates.
      module Templates
        def file=(name)
          super
          Foreign.refuse("the template #{name}", file, EPP)
        end

        def result(*)
          Foreign.refuse('an inline_template', nil, EPP)
        end
      end

      # Part of how an object type gets objects: a class is written for it, with what its
      # annotations have of Ruby. Puppet's own are known by who made them, not by name.
      module Objects
        def create_class(type)
          return super if Refusals.own_types.key?(type)

          Foreign.refuse("the code of objects of the type #{type.respond_to?(:name) ? type.name : type}", nil,
                         'a Struct can hold the same')
        end
      end

      # Part of Ruby: also what is no Ruby file may be loaded by name.
      module Required
        def require(name)
          _, path = $LOAD_PATH.resolve_feature_path(name.to_s)
          Foreign.refuse(name, path, nil) if path && !Foreign.own?(path)
          super
        end
      end

      class << self
        attr_reader :own_types

        def install
          Puppet::Util::Autoload.singleton_class.prepend(Modules)
          loaders = Puppet::Pops::Loader
          [loaders::RubyFunctionInstantiator, loaders::RubyLegacyFunctionInstantiator,
           loaders::RubyDataTypeInstantiator].each { |one| one.singleton_class.prepend(Instances) }
          Puppet::Parser::TemplateWrapper.prepend(Templates)
          own_types[Puppet::Pops::Loaders.static_loader.load(:type, 'deferred')] = true
          Puppet::Pops::Types::RubyGenerator.prepend(Objects)
          Kernel.prepend(Required)
          Kernel.singleton_class.prepend(Required)
        end

        # Returns nil, as for a file that nobody has, unless a module has it.
        def missed(name, environment)
          return nil unless environment.respond_to?(:modulepath)

          name = "#{name.to_s.delete_suffix('.rb')}.rb"
          found = environment.modulepath.flat_map { |folder| Dir.glob(File.join(folder, '*', 'lib', name)) }.first
          Foreign.refuse(called(name), found, advice(name)) if found
        end

        private

        def called(name)
          case name.delete_suffix('.rb')
          when %r{\Apuppet/type/(\w+)\z} then "the resource type #{Regexp.last_match(1)}"
          when %r{\Apuppet/provider/(\w+)/(\w+)\z} then "the provider #{Regexp.last_match(2)} of #{Regexp.last_match(1)}"
          when %r{\Apuppet/parser/functions/(\w+)\z} then "the function #{Regexp.last_match(1)}"
          else name
          end
        end

        def advice(name)
          name.start_with?('puppet/type/') ? 'a defined type (define) can do the same' : LANGUAGE
        end
      end
    end
  end
end
