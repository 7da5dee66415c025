# frozen_string_literal: true

require_relative '../index/code'
require_relative '../index/functions'
require_relative '../index/names'
require_relative '../index/sources'
require_relative '../index/types'

module WarmPuppet
  # What an editor offers and explains: names first, details of one thing on demand.
  #
  # request: "part" is check, names, type, providers, class, functions or function;
  # "name" is of what. Answers with the fingerprint of everything that the index is made
  # from, and the part's data (nil for a name that nothing has).
  module Index
    module_function

    def answer(part, name)
      Sources.current do |sources|
        { fingerprint: sources.fingerprint, data: data(sources, part, name) }
      end
    end

    # What cannot be read or loaded is not known.
    def data(sources, part, name)
      look(sources, part, name)
    rescue Puppet::Error, ScriptError, SystemStackError, SystemExit
      nil
    end

    def look(sources, part, name)
      case part
      when 'check' then nil
      when 'names' then Names.new(sources).to_h
      when 'type' then Types.new.describe(name) || definition(sources, name)
      when 'class' then definition(sources, name)
      when 'providers' then Types.new.providers(name)
      when 'functions' then Functions.new(sources).all
      when 'function' then Functions.new(sources).describe(name)
      else raise Questions::Unanswerable, "the index has no part #{part.inspect}"
      end
    end

    def definition(sources, name)
      found = Names.new(sources).file_of(name)
      text = found && sources.read(found.path)
      text && Code.new(text, found.path, sources.loader).describe(name)
    end
  end

  Questions.add('index') { |request, _| Index.answer(request['part'].to_s, request['name'].to_s) }
end
