# frozen_string_literal: true

require_relative '../run/account'

module WarmPuppet
  # The files whose path begins in some way, as an editor offers them.
  module IndexPaths
    MAX_PATHS = 500

    module_function

    # request: "prefix"; "user" (nil: the worker's own), who looks. The folder that it
    # counts from is the request's "cwd", where the child stands already.
    def answer(request)
      Account.become(Account.find(request['user']))
      lead, name = request['prefix'].to_s.match(%r{\A(.*/)?([^/]*)\z}m).captures
      folder = lead || '.'
      return [] unless File.directory?(folder)

      names = Dir.children(folder).select { |child| child.start_with?(name) && visible?(child, name) }
      names.sort.first(MAX_PATHS).map { |child| "#{lead}#{child}#{'/' if File.directory?(File.join(folder, child))}" }
    rescue SystemCallError, ArgumentError
      [] # a folder that they may not look into holds nothing for them
    end

    def visible?(child, name)
      name.start_with?('.') || !child.start_with?('.')
    end
  end

  Questions.add('index_paths') { |request, _node| IndexPaths.answer(request) }
end
