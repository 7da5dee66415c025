# frozen_string_literal: true

require_relative '../index/functions'
require_relative '../index/names'
require_relative '../index/sources'
require_relative '../index/types'
require_relative '../nearest'
require_relative 'index'

module WarmPuppet
  # What is written about a type, a class, a defined type, a function or an alias.
  # request: "name"; "function" (true: a function is meant, where a type has the same name).
  module DescribeQuestion
    module_function

    def answer(request)
      name = request['name'].to_s
      Index::Sources.current do |sources|
        found = find(sources, name, request['function'])
        found[:namesake] = found[:kind] != 'function' && function?(sources, name.downcase)
        found
      end
    end

    def find(sources, name, function)
      unless function
        type = resource_type(name)
        return type if type

        defined = Index.definition(sources, name)
        return whole(defined, sources) if defined
      end
      Index::Functions.new(sources).describe(name) || unknown(sources, name)
    end

    # Puppet's parser does not know where an alias's type begins; it ends its file.
    def whole(defined, sources)
      return defined unless defined[:kind] == 'alias' && defined[:file]

      lines = sources.read(defined[:file]).to_s.lines.drop(defined[:line].to_i - 1)
      defined.merge(text: Emitter.text(lines.join.partition('=').last.strip))
    end

    def function?(sources, name)
      !Index::Names.new(sources).function_file(name).nil?
    end

    def resource_type(name)
      return nil unless name.match?(/\A\w+\z/)

      known = Index::Types.new.describe(name)
      return nil unless known

      type = Puppet::Type.type(name.downcase.to_sym)
      patterns(type, known[:attributes])
      known.merge(doc: own_doc(type) || known[:doc], providers: providers(type), features: features(type))
    end

    # Puppet adds to a type's text what it also tells apart.
    def own_doc(type)
      doc = type.instance_variable_get(:@doc).to_s
      Puppet::Util::Docs.scrub(doc) unless doc.empty?
    end

    def patterns(type, attributes)
      attributes.each do |attribute|
        collection = type.attrclass(attribute[:name].to_sym)&.value_collection
        attribute[:patterns] = collection ? collection.values.grep(Regexp).map(&:source) : []
      end
    end

    def providers(type)
      used = type.defaultprovider&.name
      type.providers.sort.map do |name|
        provider = type.provider(name)
        { name: name.to_s, used: name == used, suitable: provider.suitable? ? true : false,
          features: type.features.select { |feature| provider.feature?(feature) }.map(&:to_s).sort,
          doc: Puppet::Util::Docs.scrub(provider.doc.to_s) }
      end
    end

    def features(type)
      type.features.sort.map do |name|
        { name: name.to_s, doc: type.provider_feature(name).docs.to_s.gsub(/\s+/, ' ').strip }
      end
    end

    def unknown(sources, name)
      known = Index::Names.new(sources).to_h.values.flatten(1).map(&:first).uniq
      near = Nearest.names(name.downcase, known)
      advice = near.empty? ? 'neither Puppet nor a module on the modulepath has it' : Nearest.advice(name.downcase, known)
      raise Questions::Unanswerable, "there is no type, class or function #{name}; #{advice}"
    end

    private_class_method :find, :whole, :function?, :resource_type, :own_doc, :patterns, :providers, :features, :unknown
  end

  Questions.add('describe') { |request, _node| DescribeQuestion.answer(request) }
end
