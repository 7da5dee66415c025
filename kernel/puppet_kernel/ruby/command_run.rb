# frozen_string_literal: true

module WarmPuppet
  # Answers questions with stock Puppet subcommands and its type system. Children only.
  module CommandRun
    module_function

    # Runs `puppet <argv…>`; its output is the child's standard output.
    def puppet(argv, settings)
      Puppet[:color] = false
      command = Puppet::Util::CommandLine.new('puppet', argv + settings)
      Puppet::Application.find(command.subcommand_name).new(command).run
    end

    # Names of all resource types, core and modules.
    def types
      Puppet::Type.loadall
      names = []
      Puppet::Type.eachtype { |type| names << type.name.to_s }
      (names - %w[whit component]).sort
    end

    # Names of a type's attributes; empty for an unknown type.
    def attributes(name)
      type = Puppet::Type.type(name.to_s.to_sym)
      return [] unless type

      (type.allattrs + [:require]).map(&:to_s).uniq.sort
    end
  end
end
