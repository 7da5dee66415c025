# frozen_string_literal: true

require_relative '../lint_run'
require_relative '../node_environment'

module WarmPuppet
  # Finds what puppet-lint is asked about, and asks it.
  module LintQuestion
    FILE_LIMIT = 100
    SIZE_LIMIT = 524_288

    module_function

    def answer(request)
      version = LintRun.version
      return { installed: false, gem: gem_command } unless version

      sources = request['code'] ? [look(request['code'], nil)] : files(request['path'], request['cwd'])
      { installed: true, version: version, sources: sources }
    end

    # path: nil for code that is in no file.
    def look(code, path)
      problems = LintRun.problems(code, path: path)
      fixed = problems.empty? ? code : LintRun.fixed(code, path: path)
      { path: path, code: code, problems: problems, fixed: fixed }
    end

    def files(path, folder)
      found = locate(path, folder)
      paths = File.directory?(found) ? Dir.glob(File.join(found, '**', '*.pp')).sort : [found]
      raise Questions::Unanswerable, "there is no manifest (*.pp) in #{found}" if paths.empty?

      if paths.size > FILE_LIMIT
        raise Questions::Unanswerable, "#{found} has #{paths.size} manifests; name a folder with at most #{FILE_LIMIT}"
      end
      paths.map { |file| look(read(file), file) }
    end

    # Relative to the notebook's folder, or to what belongs to the environment.
    def locate(path, folder)
      bases = [folder, *environment_folders].compact
      tried = bases.map { |base| File.expand_path(path, base) }.uniq
      found = tried.find { |candidate| File.exist?(candidate) }
      return found if found

      raise Questions::Unanswerable, "there is no #{path}; looked for #{tried.join(', ')}"
    end

    def environment_folders
      NodeEnvironment.use { |environment| [NodeEnvironment.root(environment), *environment.full_modulepath] }
    end

    def read(file)
      raise Questions::Unanswerable, "#{file} is too large to be looked through" if File.size(file) > SIZE_LIMIT

      text = File.read(file, encoding: 'UTF-8')
      raise Questions::Unanswerable, "#{file} is not text in UTF-8" unless text.valid_encoding?

      text
    rescue SystemCallError => e
      raise Questions::Unanswerable, "#{file} cannot be read: #{e.message}"
    end

    def gem_command
      File.join(RbConfig::CONFIG['bindir'], 'gem')
    end

    private_class_method :look, :files, :locate, :environment_folders, :read, :gem_command
  end

  Questions.add('lint') { |request, _node| LintQuestion.answer(request) }
end
