# frozen_string_literal: true

require 'json'
require 'yaml'
require_relative '../run/account'
require_relative 'fact_sets'

module WarmPuppet
  # Finds the facts of another machine: a shipped set by its name, or a file of facts.
  # Single facts can be changed behind it.
  module FactSource
    FILE_LIMIT = 2_000_000 # bytes
    BETWEEN = /[\s,]+(?=[A-Za-z_][\w.-]*=|\z)/.freeze
    FILE = %r{/|\.(?:json|ya?ml)\z}i.freeze

    module_function

    # words: the magic's argument; user: whose files they are. Returns name and values.
    # Raises Questions::Unanswerable.
    def find(words, user)
      source, changes = words.split(BETWEEN, 2)
      name, values = FILE.match?(source.to_s) ? [source, file(source, user)] : shipped(source.to_s)
      [name, changed(values, changes.to_s)]
    end

    # Changes single facts: "os.family=RedHat, custom=1".
    def changed(values, changes)
      changes.split(BETWEEN).each { |change| override(values, change) }
      values
    end

    def shipped(name)
      found = FactSets.find(name)
      return [found, FactSets.values(found)] if found

      near = nearest(name)
      advice = near ? "did you mean #{near}? " : ''
      raise Questions::Unanswerable, "there are no facts of #{name.inspect}; #{advice}there are " \
                                     "#{FactSets.names.join(', ')}, and any file of facts (.json, .yaml)"
    end

    def nearest(name)
      return unless defined?(DidYouMean::SpellChecker)

      DidYouMean::SpellChecker.new(dictionary: FactSets.names + FactSets::OTHER_NAMES.keys).correct(name).first
    end

    # The file is read as the user: Puppet may be root, and its eyes are not for lending.
    def file(path, user)
      text = read_as(user, path)
      values = /\.json\z/i.match?(path) ? JSON.parse(text) : YAML.safe_load(text)
      # As `puppet facts` and `facter --json` write them.
      values = values['values'] if values.is_a?(Hash) && values['values'].is_a?(Hash)
      return values.transform_keys(&:to_s) if values.is_a?(Hash)

      raise Questions::Unanswerable, "#{path} holds no facts: it must be a hash of names and values"
    rescue JSON::ParserError, Psych::Exception => e
      raise Questions::Unanswerable, "#{path} cannot be read as facts: #{e.message.lines.first&.strip}"
    end

    def read_as(user, path)
      reader, writer = IO.pipe(binmode: true)
      pid = fork do
        account = Account.find(user)
        Account.become(account)
        full = path.sub(/\A~(?=\/)/) { account.dir }
        raise Errno::EISDIR, path if File.directory?(full)

        writer.write('+', File.open(full, File::RDONLY | File::NONBLOCK) { |file| file.read(FILE_LIMIT + 1).to_s })
      rescue SystemCallError, ArgumentError => e
        writer.write('-', e.message)
      ensure
        exit!(0)
      end
      writer.close
      taken(reader.read.to_s, path)
    ensure
      reader&.close
      Process.wait(pid) if pid
    end

    def taken(answer, path)
      text = answer[1..].to_s.force_encoding(Encoding::UTF_8)
      raise Questions::Unanswerable, "#{path} cannot be read: #{text.sub(/ @ .*/m, '')}" unless answer.start_with?('+')
      raise Questions::Unanswerable, "#{path} is too large for facts" if text.bytesize > FILE_LIMIT

      text
    end

    # "os.release.major=8": the value is text unless it is JSON.
    def override(values, change)
      path, text = change.split('=', 2)
      *above, last = path.split('.')
      inner = above.reduce(values) do |hash, key|
        hash[key] = {} unless hash[key].is_a?(Hash)
        hash[key]
      end
      inner[last] = scalar(inner[last], text.to_s)
    end

    # What was text stays text: a release is "8", never the number 8.
    def scalar(before, text)
      return text if before.is_a?(String)

      JSON.parse(text)
    rescue JSON::ParserError
      text
    end
  end
end
