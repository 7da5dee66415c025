# frozen_string_literal: true

module WarmPuppet
  # A compiler asks Facter about its server, and `puppet apply` never uses the answer.
  # Asking takes 60 ms, and on a node without an address it ends in a warning.
  module ServerFacts
    # Part of Puppet 8's own class for it.
    module None
      def load
        {}
      end
    end

    # Part of Puppet 7's compiler.
    module NoneOfSeven
      def set_server_facts
        @server_facts = {}
      end
    end

    def self.leave_out
      if defined?(Puppet::Node::ServerFacts)
        Puppet::Node::ServerFacts.singleton_class.prepend(None)
      else
        Puppet::Resource::Catalog::Compiler.prepend(NoneOfSeven)
      end
    end
  end
end
