# frozen_string_literal: true

module WarmPuppet
  # puppet.conf as it is now: the parent has read the one that there was when it started.
  module Configuration
    module_function

    # Runs in a child.
    def read
      settings = Puppet.settings
      file = path
      if settings.instance_variable_get(:@configuration_file) && !File.exist?(file)
        # Puppet would keep what a file has said that is gone.
        settings.send(:parse_config, '', file)
      else
        settings.send(:parse_config_files)
      end
    end

    # Whether it exists or not.
    def path
      Puppet.settings.send(:which_configuration_file)
    end
  end
end
