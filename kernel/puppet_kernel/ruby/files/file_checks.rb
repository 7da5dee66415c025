# frozen_string_literal: true

require_relative 'file_checks/hiera_config'
require_relative 'file_checks/json_text'
require_relative 'file_checks/puppet_code'
require_relative 'file_checks/ruby_text'
require_relative 'file_checks/settings_text'
require_relative 'file_checks/yaml_text'

module WarmPuppet
  # Tells what a file is by its name, and whether a text can be that. Nothing of the
  # text is ever evaluated.
  module FileChecks
    NAMES = { 'hiera.yaml' => 'hiera.yaml', 'metadata.json' => 'metadata.json',
              'environment.conf' => 'environment.conf' }.freeze
    ENDINGS = { '.pp' => 'manifest', '.epp' => 'EPP template', '.erb' => 'ERB template', '.yaml' => 'YAML',
                '.yml' => 'YAML', '.json' => 'JSON', '.rb' => 'Ruby' }.freeze
    BYTE_ORDER_MARK = "\u{feff}"

    module_function

    # Returns the kind of a file, or nil for one that is not looked into.
    def kind(path)
      NAMES[File.basename(path)] || ENDINGS[File.extname(path)]
    end

    # Returns Faults; the text cannot be what its name says if one of them is an error.
    def problems(text, path, environment)
      unwritable = characters(text)
      return [unwritable] if unwritable

      case kind(path)
      when 'manifest' then PuppetCode.manifest(text, path, environment)
      when 'EPP template' then PuppetCode.template(text, path)
      when 'ERB template' then RubyText.erb(text)
      when 'Ruby' then RubyText.ruby(text)
      when 'environment.conf' then SettingsText.environment_conf(text)
      else data(text, path, environment)
      end
    rescue SystemStackError
      [Fault.error('this is nested too deeply', line: 1)]
    end

    # Returns Faults, and the data of a text that is "YAML" or "JSON" if it has no errors.
    # puppet: whether it is Puppet that will read it.
    def read(text, kind, puppet: true)
      unwritable = characters(text)
      return [[unwritable], nil] if unwritable

      kind == 'JSON' ? JsonText.check(text) : YamlText.check(text, puppet: puppet)
    rescue SystemStackError
      [[Fault.error('this is nested too deeply', line: 1)], nil]
    end

    def data(text, path, environment)
      kind = kind(path)
      return [] unless kind

      faults, data = read(text, kind.end_with?('JSON', 'json') ? 'JSON' : 'YAML', puppet: kind != 'YAML')
      return faults if faults.any?(&:error?)
      return faults + HieraConfig.check(text, data, path, environment) if kind == 'hiera.yaml'

      kind == 'metadata.json' ? faults + SettingsText.metadata(data) : faults
    end

    # Returns what no text file holds, if this one does.
    def characters(text)
      return Fault.error('this is not valid UTF-8', line: broken_line(text)) unless text.valid_encoding?
      if (index = text.index("\0"))
        return Fault.error('there is a NUL character, which no text file holds', line: text[0, index].count("\n") + 1)
      end
      return nil unless text.start_with?(BYTE_ORDER_MARK)

      Fault.error('the text begins with an invisible byte order mark', line: 1, column: 1,
                  hint: 'delete the first character, or type the first line anew')
    end

    def broken_line(text)
      text.split("\n", -1).index { |line| !line.valid_encoding? }.to_i + 1
    end

    private_class_method :data, :characters, :broken_line
  end
end
